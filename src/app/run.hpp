// One run, as a use case sees it: the input, the facts known so far, and the ways to end a round.
//
// A use case is straight-line code that is executed again from the top each round:
//
//   const auto platform = run.row<PlatformRow>("platform", id);   // what must be known
//   if (run.incomplete()) return run.need();                      // not known yet: ask for it
//   ...decide, record events in run.draft()...
//   return run.reply(200, body);                                  // the decision
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/caller.hpp"
#include "app/control.hpp"
#include "app/draft.hpp"
#include "base/error.hpp"
#include "base/ulid.hpp"
#include "upstream/github.hpp"
#include "upstream/pages.hpp"
#include "wire/frame.hpp"
#include "wire/json_read.hpp"
#include "wire/json_write.hpp"

namespace slipway {

/// How a round ended. Made by the methods of Run only; the use case just returns it.
struct Outcome {
  OutputFrame frame;
};

/// Rows that do not read are a bug or damage: the run stops, and nothing is changed.
[[noreturn]] void stop_on_damage();

/// How it stands with what a caller waits for or follows.
enum class Progress : uint8_t {
  moves,  ///< it goes on by itself
  rests,  ///< nothing is under way until something is asked for
  ended,  ///< it will not change any more
};

class Run {
 public:
  /// `segments` are the input frame's; they outlive the run.
  Run(const InputFrame& frame, const std::vector<std::string_view>& segments, JsonReader& reader);

  // What happened.

  [[nodiscard]] const InputDocument& input() const { return frame_.input; }
  [[nodiscard]] int64_t now_ms() const { return frame_.now_ms; }
  [[nodiscard]] int64_t received_ms() const { return frame_.received_ms; }
  /// Who is calling: nobody but the system until authorization has said so.
  [[nodiscard]] const Caller& caller() const { return caller_; }
  void set_caller(Caller caller);
  /// A path parameter; empty where the operation has none of that name.
  [[nodiscard]] std::string_view param(std::string_view name) const;
  /// The first query parameter of that name.
  [[nodiscard]] std::optional<std::string_view> query_param(std::string_view name) const;
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  /// A plain variable of the instance; empty where it is not set.
  [[nodiscard]] std::string_view setting(std::string_view name) const;
  [[nodiscard]] bool has_credential(std::string_view name) const;
  /// Whether there is one whose name begins like that, such as `cloudflare:`.
  [[nodiscard]] bool has_credential_of(std::string_view prefix) const;
  /// The builder's repository, from the settings.
  [[nodiscard]] github::Builder builder() const;
  /// A fresh identifier with this prefix, the same in every round.
  [[nodiscard]] std::string new_id(std::string_view prefix);

  /// Reads the request's body into `out`, strictly. Returns the error to fail with, if any.
  template <class T>
  [[nodiscard]] std::optional<Error> read_body(T& out);
  /// For texts that are not in the frame.
  [[nodiscard]] JsonReader& reader() { return reader_; }
  /// The body's bytes; empty without one.
  [[nodiscard]] std::string_view body_bytes() const;

  // What is known. Each asks for what it does not have; check `incomplete` before using the result.

  /// The row, or nothing where there is none (or it is not known yet).
  template <class T>
  [[nodiscard]] std::optional<T> row(std::string_view table, std::string_view id);
  /// The rows that a named query finds.
  template <class T>
  [[nodiscard]] std::vector<T> query(std::string_view name, std::vector<Scalar> params);
  /// A stored document.
  [[nodiscard]] std::optional<std::string_view> document(std::string_view id);
  /// The same, from one store alone.
  [[nodiscard]] std::optional<std::string_view> document_in(std::string_view store,
                                                            std::string_view id);
  /// A stored JSON document of our own.
  template <class T>
  [[nodiscard]] std::optional<T> document_as(std::string_view id);
  /// An upstream read; null while not known.
  [[nodiscard]] const Answer* ask(std::string_view key, const Request& request);
  /// Units of a budget, all or none; null while not known.
  [[nodiscard]] const FactDocument* spend(std::string_view key, const Spending& spending);
  /// Whether what is reserved for requests that somebody waits for may be spent, too. By default an
  /// API request may, an effect may not.
  void use_reserve(bool may = true) { uses_reserve_ = may; }
  /// Whether something asked for is not known yet.
  [[nodiscard]] bool incomplete() const { return !needs_.empty(); }

  /// The body of an answer, read leniently; nothing where it does not have that shape.
  template <class T>
  [[nodiscard]] std::optional<T> read_answer(const Answer& answer);

  // What becomes true.

  [[nodiscard]] Draft& draft() { return draft_; }

  /// The outcome of one outside write. Null while it has not been made: then return `act_now`. All
  /// that is in the draft is committed before the request is sent.
  [[nodiscard]] const Answer* act(std::string_view key, const Request& request);

  /// A reply below 400 is kept under this id, in the transaction of what it tells of.
  void keep_reply(std::string id, std::string request_digest);
  /// The reply hands out the fresh secret, as a member of this name.
  void hand_out_secret(std::string_view member) { secret_member_ = member; }
  /// The reply hands out the value that is sealed under `id`, after `prefix`.
  void hand_out_sealed(std::string_view member, std::string_view id, std::string_view prefix) {
    sealed_member_ = SealedMember{std::string(member), std::string(id), std::string(prefix)};
  }

  // How the round ends.

  /// The output frame of a round that ended with `outcome`.
  [[nodiscard]] std::string frame_of(const Outcome& outcome) {
    out_[0] = to_json(outcome.frame);
    return write_frame(out_);
  }

  [[nodiscard]] Outcome need();
  [[nodiscard]] Outcome act_now();
  [[nodiscard]] Outcome done();
  [[nodiscard]] Outcome reply(int64_t status, std::string body, Map<std::string> headers = {});
  /// A problem document (RFC 9457). Nothing in the draft is committed.
  [[nodiscard]] Outcome fail(const Error& error);
  /// The same, where what went wrong has been recorded: the draft is committed.
  [[nodiscard]] Outcome fail_and_record(const Error& error);
  /// A reply to a caller that waits (`?wait=`) or follows (server-sent events): `seq` counts the
  /// journal's events in what it shows. Held while it moves and is what the caller has seen.
  [[nodiscard]] Outcome reply_or_hold(std::string body, int64_t seq, Progress progress);

 private:
  [[nodiscard]] std::optional<std::string_view> row_text(std::string_view table,
                                                         std::string_view id);
  [[nodiscard]] std::optional<std::string_view> query_text(std::string_view name,
                                                           std::vector<Scalar> params);
  /// Reads what we wrote ourselves.
  template <class T>
  void read_own(std::string_view text, T& out) {
    if (!reader_.read({text}, Strictness::lenient, out).ok()) stop_on_damage();
  }
  const FactDocument* fact(std::string_view key) const;
  const FactDocument* fact_or_need(NeedDocument need);
  std::string_view segment(const FactDocument& fact) const;
  const Answer* answer(const FactDocument& fact, const Request& request);
  bool says_success(const Answer& answer);
  int64_t room_ms(const FactDocument& deferred, const Request& request) const;
  RequestDocument describe_request(const Request& request);
  [[nodiscard]] SpendDocument describe_spending(const Spending& spending) const;
  void heed(const Request& request, const Answer& answer);
  std::optional<Error> body_error(const ReadOutcome& outcome) const;
  std::optional<Error> body_problem() const;
  std::optional<int64_t> wait_until_ms() const;
  // Server-sent events: event_stream.cpp.
  bool wants_events() const;
  Outcome reply_events(std::string_view body, std::string token, Progress progress);
  Outcome finish(DoneDocument done);
  void keep(int64_t status, const std::string& body, const Map<std::string>& headers);

  const InputFrame& frame_;
  bool uses_reserve_ = frame_.input.kind == InputKind::request;
  const std::vector<std::string_view>& segments_;
  JsonReader& reader_;
  IdSource ids_;
  Caller caller_;
  Draft draft_;
  std::vector<NeedDocument> needs_;
  std::optional<ActDocument> act_;
  std::string keep_id_;
  KeptReplyRow kept_;
  std::optional<std::string> secret_member_;
  std::optional<SealedMember> sealed_member_;
  std::vector<std::pair<std::string, std::unique_ptr<Answer>>> answers_;
  /// The segments of the output frame; the first is the control document's place.
  std::vector<std::string> out_ = std::vector<std::string>(1);
};

/// The value of a member that a row in its state always has: without it the row is damaged.
template <class T>
[[nodiscard]] const T& present(const std::optional<T>& value) {
  if (!value) stop_on_damage();
  return *value;
}

template <class T>
std::optional<Error> Run::read_body(T& out) {
  if (const auto problem = body_problem()) return problem;
  const ReadOutcome outcome = reader_.read({body_bytes()}, Strictness::strict, out);
  if (outcome.ok()) return std::nullopt;
  return body_error(outcome);
}

template <class T>
std::optional<T> Run::row(std::string_view table, std::string_view id) {
  std::optional<T> out;
  if (const auto text = row_text(table, id)) read_own(*text, out.emplace());
  return out;
}

template <class T>
std::vector<T> Run::query(std::string_view name, std::vector<Scalar> params) {
  std::vector<T> out;
  if (const auto text = query_text(name, std::move(params))) read_own(*text, out);
  return out;
}

template <class T>
std::optional<T> Run::document_as(std::string_view id) {
  std::optional<T> out;
  if (const auto text = document(id)) read_own(*text, out.emplace());
  return out;
}

template <class T>
std::optional<T> Run::read_answer(const Answer& answer) {
  std::optional<T> out;
  if (answer.truncated) return out;
  if (!reader_.read(answer.body, Strictness::lenient, out.emplace()).ok()) out.reset();
  return out;
}

}  // namespace slipway
