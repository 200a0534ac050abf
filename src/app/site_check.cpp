// POST .../environments/{environment}/check, and the cron's sample: whether a site still serves
// what was verified. The site is asked, never an API; only a finding that differs from the last one
// is recorded.
#include "app/control_bodies.hpp"
#include "app/drift.hpp"
#include "app/effects.hpp"
#include "app/known_platform.hpp"
#include "app/operation_view.hpp"
#include "app/operations.hpp"
#include "app/served.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

/// Whether something of ours is served that can be compared.
bool can_be_checked(const SiteRow& site) {
  const bool stands = site.state == SiteState::ready || site.state == SiteState::suspended;
  return stands && site.live && site.subdomain;
}

CheckResult result_of(Served finding) {
  switch (finding) {
    case Served::same:
      return CheckResult::matches;
    case Served::walled:
      return CheckResult::unreachable;
    case Served::other:
      return CheckResult::drifted;
    case Served::unclear:
      return CheckResult::unclear;
  }
  __builtin_unreachable();
}

/// Looks at the site. Nothing while not known.
std::optional<SiteCheckView> check(Run& run, const SiteRow& site) {
  SiteCheckView view{CheckResult::unclear, site.live->deployment_id, {}, 0};
  const bool changes = waits_for_verification(site) || is_rolling_back(site);
  if (changes) {
    view.detail = "another deployment is about to be served";
    return view;
  }
  const auto deployment = run.row<Deployment>("deployment", site.live->deployment_id);
  if (run.incomplete()) return std::nullopt;
  if (!deployment) stop_on_damage();
  const auto seen =
      look_at_served(run, *site.subdomain,
                     {deployment->id, deployment->config_version, deployment->manifest_digest});
  if (!seen) return std::nullopt;
  view.result = result_of(seen->finding);
  view.files = static_cast<int64_t>(seen->compared);
  if (!seen->detail.empty()) view.detail = seen->detail;
  return view;
}

void record_finding(Run& run, SiteRow& site, const SiteCheckView& view) {
  const bool drifted = view.result == CheckResult::drifted;
  if (drifted && (!site.drift || site.drift->detail != view.detail)) {
    run.draft().record(site, SiteDrifted{view.detail.value_or("")});
  }
  if (view.result == CheckResult::matches && site.drift) {
    run.draft().record(site, SiteMatches{});
  }
}

}  // namespace

Outcome site_check(Run& run) {
  const std::string_view platform_id = run.param("platformId");
  const auto environment = from_name<Environment>(run.param("environment"));
  const auto platform = known_platform(run, platform_id);
  auto site =
      run.row<SiteRow>("site", site_id(platform_id, environment.value_or(Environment::dev)));
  if (run.incomplete()) return run.need();
  if (const auto fault = platform_fault(platform)) return run.fail(*fault);
  if (!environment || !site || site->deleted_ms) {
    return run.fail({ErrorCode::environment_unknown, "", {}});
  }
  if (!can_be_checked(*site)) {
    return run.fail({ErrorCode::site_not_ready, std::string(name_of(site->state)), {}});
  }
  const auto view = check(run, *site);
  if (!view) return run.need();
  record_finding(run, *site, *view);
  return run.reply(200, to_json(*view));
}

Outcome look_for_drift(Run& run, std::string_view id) {
  const std::string key = drift_key(id);
  const bool due = is_due(run, key);
  auto site = run.row<SiteRow>("site", id);
  if (run.incomplete()) return run.need();
  if (!due) return run.done();
  if (site && can_be_checked(*site)) {
    const auto view = check(run, *site);
    if (!view) return run.need();
    record_finding(run, *site, *view);
  }
  settle_unknown(run, key);
  return run.done();
}

}  // namespace slipway
