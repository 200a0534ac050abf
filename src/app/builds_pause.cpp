// POST .../builds/pause and .../builds/resume. While a platform's builds are paused wishes are
// recorded and nothing is built; what is under way ends. Resuming looks at the sites at once:
// everything that was wished becomes one build.
#include "app/known_platform.hpp"
#include "app/operation_view.hpp"
#include "app/operations.hpp"
#include "app/platform_change.hpp"

namespace slipway {
namespace {

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

}  // namespace

Outcome builds_pause(Run& run) {
  Asked change;
  if (auto outcome = begin(run, change, "builds paused")) return *std::move(outcome);
  PlatformChangeView view = view_of_change(run, change.found.platform);
  const BuildsPaused paused{change.reason};
  for (SiteRow& site : change.found.sites) {
    if (site.paused || !allows(site, paused)) continue;
    run.draft().record(site, paused);
    view.sites.push_back({site.environment, SiteAction::pause_builds, site.project_name, {}, {}});
  }
  view.changed = !view.sites.empty();
  return reply_change(run, view);
}

Outcome builds_resume(Run& run) {
  Asked change;
  if (auto outcome = begin(run, change, "builds resumed")) return *std::move(outcome);
  auto& [platform, sites] = change.found;
  PlatformChangeView view = view_of_change(run, platform);
  OperationRow operation = new_operation(run, "builds_resume", platform);
  for (SiteRow& site : sites) {
    if (!site.paused || !allows(site, BuildsResumed{})) continue;
    run.draft().record(site, BuildsResumed{});
    if (site.state == SiteState::ready && !site.active) run.draft().look_at(site, run.now_ms());
    operation.sites.push_back(wish_of(site, SiteGoal::served));
    view.sites.push_back({site.environment, SiteAction::resume_builds, site.project_name, {}, {}});
  }
  if (view.sites.empty()) return reply_change(run, view);
  run.draft().insert(operation);
  view.changed = true;
  view.operation = view_of(operation, sites);
  return reply_change(run, view);
}

}  // namespace slipway
