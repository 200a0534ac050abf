#include "app/take_down.hpp"

#include <algorithm>

#include "app/members.hpp"

namespace slipway {

std::optional<BatchRow> batch_to_close(Run& run, const SiteRow& site) {
  if (!site.active) return std::nullopt;
  auto batch = run.row<BatchRow>("batch", site.active->batch_id);
  if (!batch || batch->state == BatchState::closed) return std::nullopt;
  const std::string own = site_id(site.platform_id, site.environment);
  const auto members = unbuilt_members(run, *batch);
  const bool shared = std::any_of(members.begin(), members.end(), [&](const Member& member) {
    return site_id(member.site.platform_id, member.site.environment) != own;
  });
  if (shared) return std::nullopt;
  return batch;
}

void take_down(Run& run, SiteRow& site, std::optional<BatchRow> batch, const std::string& reason) {
  Draft& draft = run.draft();
  // A project whose creation was sent may appear although its answer is overdue: the one that is
  // there was made by the last attempt, and an earlier one would make it again.
  const int64_t unanswered = site.create_attempts - (site.subdomain ? 1 : 0);
  const bool may_appear = unanswered > 0;
  const int64_t appears_ms = may_appear ? site.updated_ms + limits::late_effect_ms : 0;
  if (site.active) {
    const Failure why = failure(ErrorCode::deployment_cancelled, reason);
    draft.record(site, DeploymentCancelled{site.active->id, why});
    if (batch) {
      draft.record(*batch, BatchClosed{why});
      draft.settle(*batch);
    }
  }
  draft.record(site, SiteDeletionStarted{reason});
  draft.look_at(site, std::max(run.now_ms(), appears_ms));
}

}  // namespace slipway
