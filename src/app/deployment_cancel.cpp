// POST /api/v1/deployments/{deploymentId}/cancel: a deployment that is not at Pages yet is let go.
// Its wish counts as tried. Was it the last of its batch that was still to be built, the batch is
// closed, so that a run that builds it is refused, and a look at the batch has GitHub stop the run.
#include <algorithm>

#include "app/members.hpp"
#include "app/operations.hpp"
#include "app/platform_bodies.hpp"
#include "app/platform_change.hpp"

namespace slipway {
namespace {

/// The batch, where nothing else of it is still to be built. Asks for rows.
std::optional<BatchRow> batch_to_stop(Run& run, const SiteRow& site) {
  auto batch = run.row<BatchRow>("batch", site.active->batch_id);
  if (!batch || batch->state == BatchState::closed) return std::nullopt;
  const auto members = unbuilt_members(run, *batch);
  const bool others = std::any_of(members.begin(), members.end(), [&](const Member& member) {
    const Deployment& deployment = member.deployment();
    return deployment.id != site.active->id && is_before_upload(deployment.state);
  });
  if (others) return std::nullopt;
  return batch;
}

void stop(Run& run, SiteRow& site, std::optional<BatchRow> batch, const std::string& reason) {
  Draft& draft = run.draft();
  const Failure why = failure(ErrorCode::deployment_stopped, reason);
  draft.record(site, DeploymentCancelled{site.active->id, why});
  draft.look_at(site, run.now_ms());
  if (!batch) return;
  draft.record(*batch, BatchClosed{why});
  if (batch->run_id) {
    draft.look_at(*batch, run.now_ms());
  } else {
    draft.settle(*batch);
  }
}

}  // namespace

Outcome deployment_cancel(Run& run) {
  LifecycleBody body;
  if (!run.body_bytes().empty() || run.input().body_too_large) {
    if (const auto error = run.read_body(body)) return run.fail(*error);
  }
  if (auto issue = reason_issue(body.reason)) {
    return run.fail({ErrorCode::body_invalid, "", {*std::move(issue)}});
  }
  const auto row = run.row<Deployment>("deployment", run.param("deploymentId"));
  if (run.incomplete()) return run.need();
  if (!row || !run.caller().may_see(row->platform_id)) {
    return run.fail({ErrorCode::deployment_unknown, "", {}});
  }
  if (row->state == DeploymentState::cancelled) return run.reply(200, to_json(view_of(*row)));
  if (is_terminal(row->state)) {
    return run.fail({ErrorCode::deployment_ended, std::string(name_of(row->state)), {}});
  }
  auto site = run.row<SiteRow>("site", row->site);
  if (run.incomplete()) return run.need();
  // It may have ended between the two reads.
  if (!site || !site->active || site->active->id != row->id) {
    return run.fail({ErrorCode::deployment_ended, "", {}});
  }
  if (!is_before_upload(site->active->state)) {
    return run.fail(
        {ErrorCode::deployment_uploaded, std::string(name_of(site->active->state)), {}});
  }
  auto batch = batch_to_stop(run, *site);
  if (run.incomplete()) return run.need();
  stop(run, *site, std::move(batch), body.reason.value_or("cancelled"));
  return run.reply(200, to_json(view_of(*site->last)));
}

}  // namespace slipway
