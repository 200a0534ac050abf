// DELETE /api/v1/platforms/{platformId}: every site is taken down, then the configuration, then the
// platform (look_at_site.cpp, look_at_platform.cpp). Asked again, it goes on where it rests.
#include <algorithm>

#include "app/known_platform.hpp"
#include "app/operation_view.hpp"
#include "app/operations.hpp"
#include "app/platform_change.hpp"
#include "app/removal_plan.hpp"
#include "app/take_down.hpp"

namespace slipway {
namespace {

constexpr std::string_view reason = "platform deleted";

/// Whether the site is still to be taken down, or rests on the way.
bool is_to_begin(const SiteRow& site) {
  return site.state != SiteState::deleted && (site.state != SiteState::deleting || site.blocked);
}

Outcome show_plan(Run& run, const ChangedPlatform& found, PlatformChangeView view) {
  for (const SiteRow& site : found.sites) {
    if (!site.deleted_ms) view.sites.push_back(removal_plan(run, site));
  }
  if (run.incomplete()) return run.need();
  view.changed = true;
  view.environments.clear();
  view.removed_config_version = found.platform.config_version;
  return reply_change(run, view);
}

/// It is on its way already, or done: nothing is changed, and the operation is shown.
Outcome show_deletion(Run& run, const ChangedPlatform& found, PlatformChangeView view) {
  const auto operation =
      run.row<OperationRow>("operation", present(found.platform.deletion).operation_id);
  if (run.incomplete()) return run.need();
  view.environments.clear();
  if (operation) view.operation = view_of(*operation, found.sites);
  return reply_change(run, view);
}

}  // namespace

Outcome platform_delete(Run& run) {
  auto found = changed_platform(run);
  if (run.incomplete()) return run.need();
  if (!found) return run.fail({ErrorCode::platform_unknown, "", {}});
  auto& [platform, sites] = *found;
  PlatformChangeView view = view_of_change(run, platform);
  if (view.dry_run && !platform.deleted_ms) return show_plan(run, *found, std::move(view));
  const bool rests = std::any_of(sites.begin(), sites.end(), is_to_begin);
  if (platform.deleted_ms || (platform.deletion && !rests)) {
    return show_deletion(run, *found, std::move(view));
  }
  std::vector<std::optional<BatchRow>> batches;
  batches.reserve(sites.size());
  for (const SiteRow& site : sites) batches.push_back(batch_to_close(run, site));
  if (run.incomplete()) return run.need();

  Draft& draft = run.draft();
  OperationRow operation = new_operation(run, "platform_delete", platform);
  draft.record(platform, PlatformDeletionStarted{operation.id});
  for (size_t i = 0; i < sites.size(); ++i) {
    SiteRow& site = sites[i];
    if (site.deleted_ms) continue;
    if (is_to_begin(site)) take_down(run, site, std::move(batches[i]), std::string(reason));
    operation.sites.push_back(wish_of(site, SiteGoal::deleted));
    view.sites.push_back({site.environment, SiteAction::remove, site.project_name, {}, {}});
  }
  if (operation.sites.empty()) draft.look_at(platform, run.now_ms());
  draft.insert(operation);
  view.changed = true;
  view.environments.clear();
  view.removed_config_version = platform.config_version;
  view.operation = view_of(operation, sites);
  view.operation->state = OperationState::running;
  return reply_change(run, view);
}

}  // namespace slipway
