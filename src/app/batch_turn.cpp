// POST /api/v1/batches/{batchId}/turns: may this deployment be uploaded now? wrangler spends calls
// of Cloudflare's budget, which all builders and the Worker share, so that each upload waits for
// its turn; one that is not wanted any more is dropped.
#include <algorithm>

#include "app/bodies.hpp"
#include "app/members.hpp"
#include "app/operations.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

Outcome wait(Run& run, int64_t wait_ms) {
  TurnView view;
  view.turn = TurnAnswer::wait;
  view.wait_ms = std::clamp(wait_ms, limits::turn_wait_ms_min, limits::turn_wait_ms_max);
  view.reason = "budget";
  return run.reply(200, to_json(view));
}

}  // namespace

Outcome batch_turn(Run& run) {
  TurnBody body;
  if (const auto error = run.read_body(body)) return run.fail(*error);
  if (!run.caller().speaks_for(body.run_id.text)) {
    return run.fail(
        {ErrorCode::auth_forbidden, concat("the caller is not run ", body.run_id.text), {}});
  }
  const auto batch = run.row<BatchRow>("batch", run.param("batchId"));
  if (run.incomplete()) return run.need();
  if (!batch) return run.fail({ErrorCode::batch_unknown, "", {}});
  if (!is_held_by(*batch, body.run_id.text)) return run.fail({ErrorCode::report_fenced, "", {}});
  const auto member = member_with(run, *batch, body.deployment_id);
  const auto account = run.row<AccountRow>("account", batch->account);
  if (run.incomplete()) return run.need();
  if (!member || !is_before_upload(member->deployment().state)) {
    TurnView dropped;
    dropped.turn = TurnAnswer::dropped;
    return run.reply(200, to_json(dropped));
  }
  if (!account) stop_on_damage();
  run.use_reserve(batch->interactive);
  const FactDocument* spent = run.spend(
      "spend:turn", {cloudflare_ledger(account->rate_owner), cloudflare_budget, deployment_units});
  if (spent == nullptr) return run.need();
  if (spent->outcome == FactOutcome::deferred) return wait(run, spent->wait_ms);
  return run.reply(200, to_json(TurnView{}));
}

}  // namespace slipway
