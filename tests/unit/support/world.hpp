// A world for golden runs: rows, journal, outbox and documents in memory, upstream answers by key,
// and the loop of the shim around `slipway::step`. No decision lives here.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "app/control.hpp"
#include "app/step.hpp"
#include "base/text.hpp"
#include "support/stored.hpp"
#include "wire/frame.hpp"
#include "wire/json_read.hpp"
#include "wire/json_write.hpp"

namespace slipway::test {

/// What an upstream answers.
struct Scripted {
  int64_t status = 200;
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  bool lost = false;
  bool truncated = false;
};

/// No answer at all.
inline Scripted lost() { return {.status = 0, .lost = true}; }

/// A request that was made, by the key of its need or act.
struct Sent {
  std::string key;
  RequestDocument request;
  std::string body;
  bool act = false;
};

/// An API request.
struct Call {
  std::string operation;
  std::vector<std::pair<std::string, std::string>> params = {};
  std::string body = {};
  std::vector<std::vector<std::string>> query = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  PrincipalKind principal = PrincipalKind::admin;
  std::optional<std::string> digest = {};  ///< of the token that was sent
  std::optional<std::string> held = {};
  int64_t received_ago_ms = 0;
  bool body_too_large = false;
  std::optional<Principal> proved = {};  ///< in place of `principal` and `digest`
};

/// How a run ended.
struct Ended {
  int64_t status = 0;  ///< 0 without a reply
  std::string body;
  Map<std::string> headers;
  std::optional<HoldDocument> hold;
  std::optional<std::string> secret_member;
  bool committed = false;
  bool stopped = false;  ///< by `stop_after_commit`
  int rounds = 0;

  [[nodiscard]] std::string header(std::string_view name) const {
    for (const auto& [key, value] : headers.members) {
      if (key == name) return value;
    }
    return {};
  }
  [[nodiscard]] bool says(std::string_view text) const {
    return body.find(text) != std::string::npos;
  }
};

class World {
 public:
  int64_t now_ms = 1'795'279'428'404;
  Map<std::string> settings = {{{"CF_ACCOUNT_NAME", "main"},
                                {"CF_ACCOUNT_ID", "0123456789abcdef0123456789abcdef"},
                                {"GITHUB_OWNER", "neutrino-io"},
                                {"GITHUB_BUILDER_REPOSITORY", "nno-platform-builder"},
                                {"GITHUB_BUILDER_WORKFLOW", "build.yml"},
                                {"GITHUB_BUILDER_REF", "main"}}};
  std::vector<std::string> credentials = {"github", "cloudflare:main"};
  Stored stored;
  std::map<std::string, Scripted> answers;  ///< by key of the need or act
  std::vector<Sent> sent;
  bool stop_after_commit = false;  ///< the Worker ends between write-ahead and sending
  std::function<void(const NeedDocument&)> before_read = {};  ///< what others do meanwhile

  Ended call(const Call& call) {
    InputDocument input;
    input.kind = InputKind::request;
    input.operation = call.operation;
    input.params.members = call.params;
    input.query = call.query;
    input.headers.members = call.headers;
    input.principal.kind = call.principal;
    input.principal.digest = call.digest;
    if (call.proved) input.principal = *call.proved;
    input.secret_digest = fresh_digest();
    input.held = call.held;
    input.body_too_large = call.body_too_large;
    if (!call.body.empty()) input.body = 1;
    return run(input, call.body, call.received_ago_ms);
  }
  /// Performs an effect. The clock is moved to its due time first, where that is later.
  Ended perform(const std::string& key) {
    const auto effect = stored.outbox.find(key);
    if (effect != stored.outbox.end() && effect->second.due_at_ms.value_or(0) > now_ms) {
      now_ms = *effect->second.due_at_ms;
    }
    return perform_now(key);
  }
  Ended perform_now(const std::string& key, std::optional<int64_t> promised_ms = std::nullopt) {
    InputDocument input;
    input.kind = InputKind::effect;
    input.effect_key = key;
    input.effect_due_at_ms = promised_ms;
    return run(input, "", 0);
  }
  /// The cron's tick; the sweep, if it does not watch the builder's runs.
  Ended tick(std::string operation = {}) {
    InputDocument input;
    input.kind = InputKind::tick;
    input.operation = std::move(operation);
    return run(input, "", 0);
  }
  /// The message of an effect is given up.
  Ended bury(const std::string& key, const std::string& error) {
    InputDocument input;
    input.kind = InputKind::dead;
    input.effect_key = key;
    input.error = error;
    return run(input, "", 0);
  }
  /// Whether every aggregate's row is the fold of its journal.
  bool folds() {
    for (const auto& [aggregate, entries] : std::map(stored.journal)) {
      InputDocument input;
      input.kind = InputKind::fold;
      input.aggregate = aggregate;
      const Ended ended = run(input, "", 0);
      if (ended.body != "{\"equal\":true}") return false;
    }
    return true;
  }
  /// The digest of the secret that the next call's reply may hand out.
  [[nodiscard]] std::string fresh_digest() const {
    const std::string count = to_text(runs_ + 1);
    return std::string(64 - count.size(), 'd') + count;
  }
  [[nodiscard]] const Sent* last_sent(std::string_view key) const {
    for (auto it = sent.rbegin(); it != sent.rend(); ++it) {
      if (it->key == key) return &*it;
    }
    return nullptr;
  }
  [[nodiscard]] size_t acts() const {
    size_t count = 0;
    for (const Sent& each : sent) count += each.act ? 1 : 0;
    return count;
  }

 private:
  struct Facts {
    InputFrame frame;
    std::vector<std::string> segments;
    void add(FactDocument fact, std::string bytes) {
      segments.push_back(std::move(bytes));
      fact.segment = static_cast<int64_t>(segments.size());
      frame.facts.push_back(std::move(fact));
    }
  };

  Ended run(const InputDocument& input, const std::string& body, int64_t received_ago_ms) {
    Facts facts;
    facts.frame.now_ms = now_ms;
    facts.frame.received_ms = now_ms - received_ago_ms;
    const std::string count = to_text(++runs_);
    facts.frame.entropy = std::string(32 - count.size(), '0') + count;
    facts.frame.settings = settings;
    facts.frame.credentials = credentials;
    facts.frame.input = input;
    if (input.body) facts.segments.push_back(body);
    for (int round = 1; round <= 16; ++round) {
      Ended ended;
      ended.rounds = round;
      if (step_once(facts, ended)) return ended;
    }
    FAIL("more than 16 rounds");
    return {};
  }

  /// One round; whether it was the last.
  bool step_once(Facts& facts, Ended& ended) {
    std::vector<std::string> in = {to_json(facts.frame)};
    in.insert(in.end(), facts.segments.begin(), facts.segments.end());
    const PaddedText frame(write_frame(in));
    const std::string out = step(frame.view().text);
    const auto segments = read_frame(out);
    REQUIRE(segments.has_value());
    OutputFrame control;
    REQUIRE(read_strictly((*segments)[0], control));
    REQUIRE(int{control.need.has_value()} + control.act.has_value() + control.done.has_value() ==
            1);
    const auto at = [&](int64_t index) {
      return std::string((*segments)[static_cast<size_t>(index)]);
    };
    if (control.need) {
      REQUIRE_FALSE(control.need->empty());
      for (const NeedDocument& need : *control.need) {
        if (before_read) before_read(need);
        read(need, facts, at);
      }
      return false;
    }
    if (control.act) {
      if (control.act->commit) stored.commit(*control.act->commit, at);
      ended.stopped = stop_after_commit;
      if (stop_after_commit) return true;
      facts.add(exchange(control.act->key, control.act->request, true, at), last_body_);
      return false;
    }
    const DoneDocument& done = *control.done;
    ended.committed = done.commit.has_value();
    if (done.commit) stored.commit(*done.commit, at);
    ended.hold = done.hold;
    if (done.reply) {
      ended.status = done.reply->status;
      ended.headers = done.reply->headers;
      ended.body = at(done.reply->segment);
      ended.secret_member = done.reply->secret_member;
    }
    return true;
  }

  void read(const NeedDocument& need, Facts& facts, const auto& at) {
    FactDocument fact;
    fact.key = need.key;
    if (need.read == ReadKind::upstream) {
      fact = exchange(need.key, *need.request, false, at);
      facts.add(fact, last_body_);
      return;
    }
    if (need.read == ReadKind::spend) {
      facts.frame.facts.push_back(spending(need.key, *need.spend));
      return;
    }
    std::optional<std::string> bytes;
    if (need.read == ReadKind::row) bytes = stored.row(*need.table, *need.id);
    if (need.read == ReadKind::query) bytes = stored.query(*need.query, *need.params);
    if (need.read == ReadKind::document) bytes = stored.document(*need.id);
    fact.outcome = bytes ? FactOutcome::found : FactOutcome::absent;
    if (bytes) {
      facts.add(fact, *bytes);
    } else {
      facts.frame.facts.push_back(fact);
    }
  }

  /// Units of a budget, given away or not.
  FactDocument spending(const std::string& key, const SpendDocument& wanted) {
    FactDocument fact;
    fact.key = key;
    fact.wait_ms = spend(stored.tables, wanted, now_ms);
    fact.outcome = fact.wait_ms > 0 ? FactOutcome::deferred : FactOutcome::granted;
    return fact;
  }

  FactDocument exchange(const std::string& key, const RequestDocument& request, bool act,
                        const auto& at) {
    if (request.spend) {
      const FactDocument spent = spending(key, *request.spend);
      last_body_.clear();
      if (spent.outcome == FactOutcome::deferred) return spent;
    }
    sent.push_back({key, request, request.segment ? at(*request.segment) : "", act});
    FactDocument fact;
    fact.key = key;
    const auto scripted = answers.find(key);
    INFO("nothing is scripted for ", key);
    REQUIRE(scripted != answers.end());
    const Scripted& answer = scripted->second;
    fact.outcome = answer.lost ? FactOutcome::lost : FactOutcome::answered;
    fact.detail = answer.lost ? "timeout" : "";
    fact.status = answer.status;
    fact.truncated = answer.truncated;
    fact.headers.members = answer.headers;
    last_body_ = answer.body;
    return fact;
  }

  int64_t runs_ = 0;
  std::string last_body_;
};

}  // namespace slipway::test
