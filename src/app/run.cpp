#include "app/run.hpp"

#include <algorithm>

#include "app/problem.hpp"
#include "base/text.hpp"
#include "upstream/classify.hpp"
#include "upstream/pages.hpp"

namespace slipway {
namespace {

constexpr int64_t hold_interval_ms = 500;

template <class T>
std::optional<std::string_view> member(const Map<T>& map, std::string_view name) {
  for (const auto& [key, value] : map.members) {
    if (key == name) return value;
  }
  return std::nullopt;
}

}  // namespace

void stop_on_damage() { __builtin_trap(); }

Run::Run(const InputFrame& frame, const std::vector<std::string_view>& segments, JsonReader& reader)
    : frame_(frame),
      segments_(segments),
      reader_(reader),
      ids_(frame.entropy, frame.now_ms),
      draft_(frame.now_ms) {}

std::string_view Run::param(std::string_view name) const {
  return member(frame_.input.params, name).value_or("");
}

std::optional<std::string_view> Run::query_param(std::string_view name) const {
  for (const auto& pair : frame_.input.query) {
    if (pair.size() == 2 && pair[0] == name) return pair[1];
  }
  return std::nullopt;
}

std::optional<std::string_view> Run::header(std::string_view name) const {
  return member(frame_.input.headers, name);
}

std::string_view Run::setting(std::string_view name) const {
  return member(frame_.settings, name).value_or("");
}

bool Run::has_credential(std::string_view name) const {
  return std::find(frame_.credentials.begin(), frame_.credentials.end(), name) !=
         frame_.credentials.end();
}

bool Run::has_credential_of(std::string_view prefix) const {
  return std::any_of(frame_.credentials.begin(), frame_.credentials.end(),
                     [&](const std::string& name) { return name.starts_with(prefix); });
}

github::Builder Run::builder() const {
  return {std::string(setting("GITHUB_OWNER")), std::string(setting("GITHUB_BUILDER_REPOSITORY")),
          std::string(setting("GITHUB_BUILDER_WORKFLOW")),
          std::string(setting("GITHUB_BUILDER_REF"))};
}

std::string Run::new_id(std::string_view prefix) { return concat(prefix, ids_.next()); }

std::string_view Run::body_bytes() const {
  if (!frame_.input.body) return {};
  const auto index = static_cast<size_t>(*frame_.input.body);
  if (index >= segments_.size()) stop_on_damage();
  return segments_[index];
}

std::optional<Error> Run::body_problem() const {
  if (frame_.input.body_too_large) return Error{ErrorCode::body_too_large, "", {}};
  if (body_bytes().empty()) return Error{ErrorCode::body_missing, "", {}};
  return std::nullopt;
}

std::optional<Error> Run::body_error(const ReadOutcome& outcome) const {
  if (outcome.malformed) return Error{ErrorCode::json_malformed, outcome.problem, {}};
  return Error{ErrorCode::body_invalid,
               concat(to_text(static_cast<int64_t>(outcome.issues.size())),
                      outcome.issues.size() == 1 ? " field is wrong" : " fields are wrong"),
               outcome.issues};
}

const FactDocument* Run::fact(std::string_view key) const {
  for (const FactDocument& known : frame_.facts) {
    if (known.key == key) return &known;
  }
  return nullptr;
}

const FactDocument* Run::fact_or_need(NeedDocument need) {
  if (const FactDocument* known = fact(need.key)) return known;
  const bool asked = std::any_of(needs_.begin(), needs_.end(),
                                 [&](const NeedDocument& other) { return other.key == need.key; });
  if (!asked) needs_.push_back(std::move(need));
  return nullptr;
}

std::string_view Run::segment(const FactDocument& fact) const {
  if (!fact.segment) return {};
  const auto index = static_cast<size_t>(*fact.segment);
  if (index >= segments_.size()) stop_on_damage();
  return segments_[index];
}

std::optional<std::string_view> Run::row_text(std::string_view table, std::string_view id) {
  NeedDocument need;
  need.key = concat("row:", table, ":", id);
  need.read = ReadKind::row;
  need.table = std::string(table);
  need.id = std::string(id);
  const FactDocument* known = fact_or_need(std::move(need));
  if (known == nullptr || known->outcome != FactOutcome::found) return std::nullopt;
  return segment(*known);
}

std::optional<std::string_view> Run::query_text(std::string_view name, std::vector<Scalar> params) {
  NeedDocument need;
  need.key = concat("query:", name, to_json(params));
  need.read = ReadKind::query;
  need.query = std::string(name);
  need.params = std::move(params);
  const FactDocument* known = fact_or_need(std::move(need));
  if (known == nullptr) return std::nullopt;
  return segment(*known);
}

std::optional<std::string_view> Run::document(std::string_view id) {
  NeedDocument need;
  need.key = concat("document:", id);
  need.read = ReadKind::document;
  need.id = std::string(id);
  const FactDocument* known = fact_or_need(std::move(need));
  if (known == nullptr || known->outcome != FactOutcome::found) return std::nullopt;
  return segment(*known);
}

std::optional<std::string_view> Run::document_in(std::string_view store, std::string_view id) {
  NeedDocument need;
  need.key = concat("document:", store, ":", id);
  need.read = ReadKind::document;
  need.id = std::string(id);
  need.store = std::string(store);
  const FactDocument* known = fact_or_need(std::move(need));
  if (known == nullptr || known->outcome != FactOutcome::found) return std::nullopt;
  return segment(*known);
}

/// A look that was deferred begins anew and spends again what it had spent: it waits for more room
/// than that, or it would never get any further.
int64_t Run::room_ms(const FactDocument& deferred, const Request& request) const {
  if (!request.spending) return deferred.wait_ms;
  int64_t sent = 0;
  for (const FactDocument& known : frame_.facts) {
    const bool asked = known.outcome == FactOutcome::answered || known.outcome == FactOutcome::lost;
    if (asked) ++sent;
  }
  return deferred.wait_ms + 2 * sent * request.spending->budget.interval_ms;
}

/// Whether an answer of Cloudflare with a status of success says so itself; true for any other one.
bool Run::says_success(const Answer& answer) {
  const bool claims = !answer.lost && answer.status >= 200 && answer.status < 300;
  if (!claims || answer.truncated) return true;
  const auto envelope = read_answer<pages::SuccessEnvelope>(answer);
  return envelope && envelope->success;
}

const Answer* Run::answer(const FactDocument& fact, const Request& request) {
  for (const auto& [key, known] : answers_) {
    if (key == fact.key) return known.get();
  }
  auto out = std::make_unique<Answer>();
  out->lost = fact.outcome == FactOutcome::lost;
  out->detail = fact.detail;
  if (fact.outcome == FactOutcome::deferred) {
    out->lost = true;
    out->detail = "budget";
    out->wait_ms = room_ms(fact, request);
  }
  out->status = fact.status;
  out->headers = fact.headers;
  out->body = {segment(fact)};
  out->truncated = fact.truncated;
  out->garbled = request.target == Target::cloudflare && !says_success(*out);
  answers_.emplace_back(fact.key, std::move(out));
  return answers_.back().second.get();
}

RequestDocument Run::describe_request(const Request& request) {
  RequestDocument out;
  out.target = request.target;
  out.credential = request.credential;
  out.sealed = request.sealed;
  out.host = request.host;
  out.method = request.method;
  out.path = request.path;
  out.headers = request.headers;
  out.timeout_ms = request.timeout_ms;
  out.body_max = request.body_max;
  const bool pays = request.spending && request.spending->units > 0;
  if (pays) out.spend = describe_spending(*request.spending);
  if (request.body) {
    out_.push_back(*request.body);
    out.segment = static_cast<int64_t>(out_.size() - 1);
  }
  return out;
}

SpendDocument Run::describe_spending(const Spending& spending) const {
  const Budget& budget = spending.budget;
  const int64_t leave = uses_reserve_ ? 0 : budget.reserve;
  return {spending.ledger, spending.units, budget.interval_ms, budget.burst, leave, budget.gap_ms};
}

/// An upstream that says that its limit is reached is left alone by everyone until it has passed.
void Run::heed(const Request& request, const Answer& answer) {
  if (!request.spending || answer.lost) return;
  const bool limit = classify(answer) == Verdict::retry_after;
  if (limit) draft_.stop(request.spending->ledger, now_ms() + slipway::wait_ms(answer, now_ms()));
}

const FactDocument* Run::spend(std::string_view key, const Spending& spending) {
  NeedDocument need;
  need.key = std::string(key);
  need.read = ReadKind::spend;
  need.spend = describe_spending(spending);
  return fact_or_need(std::move(need));
}

const Answer* Run::ask(std::string_view key, const Request& request) {
  if (const FactDocument* known = fact(key)) {
    const Answer* out = answer(*known, request);
    heed(request, *out);
    return out;
  }
  NeedDocument need;
  need.key = std::string(key);
  need.read = ReadKind::upstream;
  need.request = describe_request(request);
  needs_.push_back(std::move(need));
  return nullptr;
}

const Answer* Run::act(std::string_view key, const Request& request) {
  if (const FactDocument* known = fact(key)) {
    draft_.committed();
    const Answer* out = answer(*known, request);
    heed(request, *out);
    return out;
  }
  ActDocument act;
  act.key = std::string(key);
  act.request = describe_request(request);
  act_ = std::move(act);
  return nullptr;
}

Outcome Run::need() {
  Outcome out;
  out.frame.need = std::move(needs_);
  return out;
}

Outcome Run::act_now() {
  if (!draft_.empty()) act_->commit = draft_.commit(out_);
  Outcome out;
  out.frame.act = std::move(act_);
  return out;
}

Outcome Run::finish(DoneDocument done) {
  if (!draft_.empty()) done.commit = draft_.commit(out_);
  Outcome out;
  out.frame.done = std::move(done);
  return out;
}

Outcome Run::done() { return finish({}); }

void Run::set_caller(Caller caller) {
  caller_ = std::move(caller);
  draft_.set_author(caller_.author);
}

void Run::keep_reply(std::string id, std::string request_digest) {
  keep_id_ = std::move(id);
  kept_.request_digest = std::move(request_digest);
}

void Run::keep(int64_t status, const std::string& body, const Map<std::string>& headers) {
  if (keep_id_.empty() || status >= 400) return;
  kept_.status = status;
  kept_.created_ms = now_ms();
  if (secret_member_ || sealed_member_) {
    kept_.withheld = "it handed out a secret";
  } else if (body.size() > limits::kept_reply_bytes_max) {
    kept_.withheld = "it was too large";
  } else {
    kept_.headers = headers;
    kept_.body = body;
  }
  draft_.insert(keep_id_, kept_);
}

Outcome Run::reply(int64_t status, std::string body, Map<std::string> headers) {
  if (member(headers, "content-type") == std::nullopt && !body.empty()) {
    headers.members.emplace_back("content-type", "application/json");
  }
  keep(status, body, headers);
  out_.push_back(std::move(body));
  DoneDocument done;
  done.reply = ReplyDocument{status, std::move(headers), static_cast<int64_t>(out_.size() - 1),
                             secret_member_, sealed_member_};
  return finish(std::move(done));
}

Outcome Run::fail(const Error& error) {
  draft_.committed();
  return fail_and_record(error);
}

Outcome Run::fail_and_record(const Error& error) {
  secret_member_.reset();
  sealed_member_.reset();
  Map<std::string> headers;
  headers.members.emplace_back("content-type", "application/problem+json");
  if (error.code == ErrorCode::auth_missing)
    headers.members.emplace_back("www-authenticate", "Bearer");
  return reply(info(error.code).status, to_json(problem_of(error)), std::move(headers));
}

std::optional<int64_t> Run::wait_until_ms() const {
  const auto wait = query_param("wait");
  if (!wait) return std::nullopt;
  const auto seconds = to_number(*wait);
  if (!seconds) return std::nullopt;
  return received_ms() + std::clamp<int64_t>(*seconds, 1, limits::wait_s_max) * 1000;
}

Outcome Run::reply_or_hold(std::string body, int64_t seq, Progress progress) {
  std::string token = to_text(seq);
  if (wants_events()) return reply_events(body, std::move(token), progress);
  const bool terminal = progress != Progress::moves;
  const auto until_ms = wait_until_ms();
  const bool unchanged = !frame_.input.held || *frame_.input.held == token;
  if (!until_ms || terminal || !unchanged || now_ms() >= *until_ms) {
    return reply(200, std::move(body));
  }
  Outcome out = reply(200, std::move(body));
  out.frame.done->hold =
      HoldDocument{std::min(hold_interval_ms, *until_ms - now_ms()), std::move(token)};
  return out;
}

}  // namespace slipway
