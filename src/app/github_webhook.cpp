// POST /webhooks/github: GitHub says that something happened to a run of the builder. It is a nudge
// and nothing else: the next look at the batch is brought forward, and the look finds out what is
// true. A delivery that is lost, late, doubled or out of order costs or saves time only.
#include "app/effects.hpp"
#include "app/github_notice.hpp"
#include "app/kept_reply.hpp"
#include "app/operations.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

constexpr int64_t status_taken = 204;

/// Whether the next look is for what the action tells. While a dispatch is on its way it is not:
/// its answer is about to come.
bool is_awaited(const BatchRow& batch, std::string_view action) {
  switch (batch.state) {
    case BatchState::unknown:
      return action == "requested" || action == "in_progress" || action == "completed";
    case BatchState::dispatched:
    case BatchState::claimed:
      return action == "completed";
    default:
      return false;
  }
}

bool is_of_builder(const GithubNotice& notice, const github::Builder& builder) {
  return notice.workflow_run && notice.repository &&
         notice.repository->full_name == concat(builder.owner, "/", builder.repository);
}

/// The first word of the run's name.
std::string key_of(const github::Run& run) {
  return run.display_title.substr(0, run.display_title.find(' '));
}

}  // namespace

Outcome github_webhook(Run& run) {
  const auto ignored = [&] { return run.reply(status_taken, ""); };
  GithubNotice notice;
  const bool readable = run.reader().read({run.body_bytes()}, Strictness::lenient, notice).ok();
  if (!readable || !is_of_builder(notice, run.builder())) return ignored();

  // The signature covers the body alone, so that a delivery is known by its body: whoever repeats
  // it under another delivery id has it looked at no second time.
  const std::string digest = sha256_hex(run.body_bytes());
  const std::string id = concat(run.caller().author, "/", digest);
  const auto batches =
      run.query<BatchRow>("batches_of_dispatch_key", {key_of(*notice.workflow_run)});
  const auto seen = run.row<KeptReplyRow>(kept_reply_table, id);
  if (run.incomplete()) return run.need();
  if (seen || batches.empty() || !is_awaited(batches[0], notice.action)) return ignored();
  BatchRow batch = batches[0];
  if (batch.run_id && *batch.run_id != to_text(notice.workflow_run->id)) return ignored();
  const auto effects = run.query<EffectRow>("effect", {aggregate_of(batch)});
  if (run.incomplete()) return run.need();

  const bool later = !effects.empty() && effects[0].due_at_ms.value_or(0) > run.now_ms();
  if (!later) return ignored();
  run.keep_reply(id, digest);
  const BatchRunHinted hint{notice.action};
  if (allows(batch, hint)) run.draft().record(batch, hint);
  run.draft().look_at(batch, run.now_ms());
  return run.reply(status_taken, "");
}

}  // namespace slipway
