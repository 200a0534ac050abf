#include "app/cancel_run.hpp"

#include "base/text.hpp"
#include "upstream/classify.hpp"

namespace slipway {
namespace {

constexpr int64_t next_look_ms = 5'000;

bool is_to_stop(const BatchRow& batch) {
  return batch.run_id && !batch.cancelled && batch.failure &&
         batch.failure->code == info(ErrorCode::deployment_stopped).name;
}

Outcome finish(Run& run, BatchRow& batch, std::string detail) {
  run.draft().record(batch, BatchRunCancelled{std::move(detail)});
  run.draft().settle(batch);
  return run.done();
}

/// Whether a refusal only says that GitHub wants to be asked later.
bool is_limit(Run& run, const Answer& answer) {
  const auto body = run.read_answer<github::Refusal>(answer);
  return body && github::is_limit(*body);
}

}  // namespace

Outcome cancel_run(Run& run, BatchRow& batch) {
  Draft& draft = run.draft();
  if (!is_to_stop(batch)) {
    draft.settle(batch);
    return run.done();
  }
  const std::string_view wake = run.setting("BUILDER_WAKE");
  if (wake == "none" || wake == "deploy_hook") return finish(run, batch, "the run is not GitHub's");
  if (!run.has_credential("github")) return finish(run, batch, "there is no GitHub credential");
  const int64_t attempts = batch.cancel_attempts.value_or(0);
  if (attempts > 0) {
    const Answer* look = run.ask("look:run", github::get_run(run.builder(), *batch.run_id));
    if (look == nullptr) return run.need();
    const auto at_github = run.read_answer<github::Run>(*look);
    const bool known = classify(*look) == Verdict::ok && at_github;
    if (known && at_github->status == "completed") return finish(run, batch, "the run has ended");
  }
  if (attempts >= limits::run_cancels_max) return finish(run, batch, "GitHub gave no clear answer");

  draft.record(batch, BatchRunCancelStarted{attempts + 1});
  draft.look_at(batch, run.now_ms() + limits::act_lease_ms);
  const Answer* sent = run.act("act:cancel_run", github::cancel_run(run.builder(), *batch.run_id));
  if (sent == nullptr) return run.act_now();
  switch (classify(*sent)) {
    case Verdict::rejected:
      if (!is_limit(run, *sent)) return finish(run, batch, in_words(*sent));
      [[fallthrough]];
    case Verdict::retry_after:
      draft.look_at(batch, run.now_ms() + wait_ms(*sent, run.now_ms()));
      return run.done();
    case Verdict::ok:
      return finish(run, batch, in_words(*sent));
    case Verdict::unknown:
      draft.look_at(batch, run.now_ms() + next_look_ms);
      return run.done();
  }
  __builtin_unreachable();
}

}  // namespace slipway
