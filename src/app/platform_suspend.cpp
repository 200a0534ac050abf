// POST .../suspend and .../resume. A suspended platform is served as it is and not deployed: what
// is under way ends, wishes are kept. Resuming looks at the projects again and deploys what was
// wished.
#include "app/known_platform.hpp"
#include "app/operation_view.hpp"
#include "app/operations.hpp"
#include "app/platform_change.hpp"
#include "app/site_to_suspend.hpp"

namespace slipway {
namespace {

/// Which of the two, and what was read for it.
struct Asked {
  ChangedPlatform found;
  std::string reason;
};

/// Reads the body and the platform; `outcome` where the round must end.
std::optional<Outcome> begin(Run& run, Asked& change, std::string_view otherwise) {
  LifecycleBody body;
  if (!run.body_bytes().empty() || run.input().body_too_large) {
    if (const auto error = run.read_body(body)) return run.fail(*error);
  }
  if (auto issue = reason_issue(body.reason)) {
    return run.fail({ErrorCode::body_invalid, "", {*std::move(issue)}});
  }
  auto found = changed_platform(run);
  const auto known = known_platform(run, run.param("platformId"));
  if (run.incomplete()) return run.need();
  if (const auto fault = platform_fault(known)) return run.fail(*fault);
  change.found = *std::move(found);
  change.reason = body.reason.value_or(std::string(otherwise));
  return std::nullopt;
}

Outcome finish(Run& run, PlatformChangeView view, const OperationRow& operation,
               const std::vector<SiteRow>& sites) {
  run.draft().insert(operation);
  view.changed = true;
  view.operation = view_of(operation, sites);
  return reply_change(run, view);
}

}  // namespace

Outcome platform_suspend(Run& run) {
  Asked change;
  if (auto outcome = begin(run, change, "platform suspended")) return *std::move(outcome);
  auto& [platform, sites] = change.found;
  PlatformChangeView view = view_of_change(run, platform);
  if (platform.suspended) return reply_change(run, view);

  OperationRow operation = new_operation(run, "platform_suspend", platform);
  run.draft().record(platform, PlatformSuspended{change.reason});
  for (SiteRow& site : sites) {
    if (!suspend_site(run, site, change.reason)) continue;
    operation.sites.push_back(wish_of(site, SiteGoal::suspended));
    view.sites.push_back({site.environment, SiteAction::suspend, site.project_name, {}, {}});
  }
  return finish(run, std::move(view), operation, sites);
}

Outcome platform_resume(Run& run) {
  Asked change;
  if (auto outcome = begin(run, change, "platform resumed")) return *std::move(outcome);
  auto& [platform, sites] = change.found;
  PlatformChangeView view = view_of_change(run, platform);
  if (!platform.suspended) return reply_change(run, view);

  OperationRow operation = new_operation(run, "platform_resume", platform);
  run.draft().record(platform, PlatformResumed{change.reason});
  for (SiteRow& site : sites) {
    if (site.state != SiteState::suspended) continue;
    run.draft().record(site, SiteResumed{change.reason});
    run.draft().look_at(site, run.now_ms());
    operation.sites.push_back(wish_of(site, SiteGoal::served));
    view.sites.push_back({site.environment, SiteAction::resume, site.project_name, {}, {}});
  }
  return finish(run, std::move(view), operation, sites);
}

}  // namespace slipway
