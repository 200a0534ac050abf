// PATCH /api/v1/platforms/{platformId}: another name, environments that come and go.
#include <algorithm>

#include "app/known_platform.hpp"
#include "app/operation_view.hpp"
#include "app/operations.hpp"
#include "app/platform_change.hpp"
#include "app/removal_plan.hpp"
#include "app/site_to_plan.hpp"
#include "app/site_to_suspend.hpp"
#include "app/take_down.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

using Environments = std::vector<Environment>;

bool has(const Environments& list, Environment environment) {
  return std::find(list.begin(), list.end(), environment) != list.end();
}

/// What the patch comes to, on the platform as it is.
struct Patch {
  std::string reason;
  std::optional<std::string> name;  ///< where it differs
  Environments added;               ///< not there yet
  Environments removed;             ///< there, or resting on their way out
  Environments environments;        ///< after the patch

  [[nodiscard]] bool changes() const { return name || !added.empty() || !removed.empty(); }
};

void check_list(const Environments& list, std::string_view at, std::vector<Issue>& issues) {
  for (size_t i = 0; i < list.size(); ++i) {
    const auto before = list.begin() + static_cast<long>(i);
    if (std::find(list.begin(), before, list[i]) == before) continue;
    issues.push_back({concat("/environments/", at, "/", to_text(static_cast<int64_t>(i))),
                      "field.duplicate", "stands twice"});
  }
}

std::vector<Issue> body_issues(const PlatformPatchBody& body) {
  std::vector<Issue> issues;
  if (body.name && (body.name->empty() || body.name->size() > limits::platform_name_chars_max)) {
    issues.push_back({"/name", "field.value", "must be 1 to 120 bytes"});
  }
  if (auto issue = reason_issue(body.reason)) issues.push_back(*std::move(issue));
  if (!body.environments) return issues;
  const Environments add = body.environments->add.value_or(Environments{});
  const Environments remove = body.environments->remove.value_or(Environments{});
  check_list(add, "add", issues);
  check_list(remove, "remove", issues);
  for (size_t i = 0; i < remove.size(); ++i) {
    if (!has(add, remove[i])) continue;
    issues.push_back({concat("/environments/remove/", to_text(static_cast<int64_t>(i))),
                      "field.value", "is to be added, too"});
  }
  return issues;
}

const SiteRow* site_in(const std::vector<SiteRow>& sites, Environment environment) {
  const auto found = std::find_if(sites.begin(), sites.end(), [&](const SiteRow& site) {
    return site.environment == environment;
  });
  return found == sites.end() ? nullptr : &*found;
}

/// The difference between what is and what is asked for.
Patch patch_of(const PlatformPatchBody& body, const ChangedPlatform& found) {
  const PlatformRow& platform = found.platform;
  Patch patch;
  patch.reason = body.reason.value_or("environments changed");
  if (body.name && *body.name != platform.name) patch.name = body.name;
  patch.environments = platform.environments;
  const EnvironmentsPatch wanted = body.environments.value_or(EnvironmentsPatch{});
  for (const Environment environment : wanted.remove.value_or(Environments{})) {
    const SiteRow* site = site_in(found.sites, environment);
    const bool rests = site != nullptr && site->state == SiteState::deleting && site->blocked;
    if (has(platform.environments, environment) || rests) patch.removed.push_back(environment);
    std::erase(patch.environments, environment);
  }
  for (const Environment environment : wanted.add.value_or(Environments{})) {
    if (has(platform.environments, environment)) continue;
    patch.added.push_back(environment);
    patch.environments.push_back(environment);
  }
  return patch;
}

/// Why the patch is refused, if it is.
std::optional<Error> patch_error(const Patch& patch, const ChangedPlatform& found) {
  if (patch.environments.empty()) {
    const Issue issue = {"/environments/remove", "field.value",
                         "must leave one environment; DELETE removes the platform"};
    return Error{ErrorCode::body_invalid, "", {issue}};
  }
  for (const Environment environment : patch.added) {
    const SiteRow* site = site_in(found.sites, environment);
    if (site == nullptr || site->deleted_ms) continue;
    return Error{ErrorCode::environment_deleting, std::string(name_of(environment)), {}};
  }
  return std::nullopt;
}

Outcome show_plan(Run& run, const ChangedPlatform& found, const Patch& patch,
                  PlatformChangeView view) {
  for (const Environment environment : patch.added) {
    view.sites.push_back({environment,
                          SiteAction::add,
                          project_name(found.platform.platform_id, environment),
                          {},
                          {}});
  }
  for (const Environment environment : patch.removed) {
    const SiteRow* site = site_in(found.sites, environment);
    if (site != nullptr) view.sites.push_back(removal_plan(run, *site));
  }
  if (run.incomplete()) return run.need();
  view.changed = patch.changes();
  view.name = patch.name.value_or(view.name);
  view.environments = patch.environments;
  return reply_change(run, view);
}

/// Where the builds of the platform's other sites are paused, those of the new one are, too.
void pause_like(Run& run, SiteRow& site, const std::vector<SiteRow>& others) {
  for (const SiteRow& other : others) {
    if (!other.paused || is_leaving(other.state)) continue;
    run.draft().record(site, BuildsPaused{other.paused->reason});
    return;
  }
}

/// Drafts the site of an environment that comes; its first look finds it an account.
SiteRow add_site(Run& run, const ChangedPlatform& found, const Patch& patch,
                 Environment environment) {
  const PlatformRow& platform = found.platform;
  SiteRow site = former_or_new(found.sites, platform.platform_id, environment);
  run.draft().record(site,
                     SitePlanned{platform.platform_id, environment, "", platform.config_version,
                                 std::string(run.setting("SHELL_SHA")), patch.reason});
  run.draft().look_at(site, run.now_ms());
  pause_like(run, site, found.sites);
  if (platform.suspended) (void)suspend_site(run, site, platform.suspended->reason);
  return site;
}

Outcome store_patch(Run& run, ChangedPlatform found, const Patch& patch, PlatformChangeView view) {
  std::vector<std::optional<BatchRow>> batches;
  for (const SiteRow& site : found.sites) {
    const bool goes = has(patch.removed, site.environment);
    batches.push_back(goes ? batch_to_close(run, site) : std::nullopt);
  }
  if (run.incomplete()) return run.need();
  OperationRow operation = new_operation(run, "platform_patch", found.platform);
  std::vector<SiteRow> sites;
  for (const Environment environment : patch.added) {
    sites.push_back(add_site(run, found, patch, environment));
    operation.sites.push_back(wish_of(sites.back(), SiteGoal::served));
    view.sites.push_back({environment, SiteAction::add, sites.back().project_name, {}, {}});
  }
  for (size_t i = 0; i < found.sites.size(); ++i) {
    SiteRow& site = found.sites[i];
    if (!has(patch.removed, site.environment)) continue;
    take_down(run, site, std::move(batches[i]), patch.reason);
    operation.sites.push_back(wish_of(site, SiteGoal::deleted));
    view.sites.push_back({site.environment, SiteAction::remove, site.project_name, {}, {}});
    sites.push_back(site);
  }
  Draft& draft = run.draft();
  if (patch.name) draft.record(found.platform, PlatformRenamed{*patch.name});
  if (!operation.sites.empty()) {
    draft.record(found.platform,
                 EnvironmentsChanged{patch.environments, patch.added, patch.removed});
    draft.insert(operation);
    view.operation = view_of(operation, sites);
  }
  view.changed = true;
  view.name = found.platform.name;
  view.environments = found.platform.environments;
  return reply_change(run, view);
}

}  // namespace

Outcome platform_patch(Run& run) {
  PlatformPatchBody body;
  if (const auto error = run.read_body(body)) return run.fail(*error);
  auto issues = body_issues(body);
  if (!issues.empty()) return run.fail({ErrorCode::body_invalid, "", std::move(issues)});
  auto found = changed_platform(run);
  const auto known = known_platform(run, run.param("platformId"));
  if (run.incomplete()) return run.need();
  if (const auto fault = platform_fault(known)) return run.fail(*fault);
  const Patch patch = patch_of(body, *found);
  if (const auto error = patch_error(patch, *found)) return run.fail(*error);
  PlatformChangeView view = view_of_change(run, found->platform);
  if (view.dry_run) return show_plan(run, *found, patch, std::move(view));
  if (!patch.changes()) return reply_change(run, view);
  return store_patch(run, *std::move(found), patch, std::move(view));
}

}  // namespace slipway
