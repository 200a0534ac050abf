// POST .../environments/{environment}/rollback: the site serves again what it served before, and is
// held there by a pin. Where its upload is still at Pages, Pages goes back to it; else its
// configuration version is built again.
#include <algorithm>

#include "app/control_bodies.hpp"
#include "app/known_platform.hpp"
#include "app/operation_view.hpp"
#include "app/operations.hpp"
#include "app/platform_change.hpp"
#include "app/reply_wish.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

/// Deployments among which the one before the present is looked for.
constexpr int64_t candidates_max = 50;

std::optional<Error> site_fault(const std::optional<SiteRow>& site) {
  if (!site || site->deleted_ms) return Error{ErrorCode::environment_unknown, "", {}};
  if (is_leaving(site->state)) {
    return Error{ErrorCode::environment_deleting, std::string(name_of(site->environment)), {}};
  }
  if (site->state == SiteState::suspended) return Error{ErrorCode::platform_suspended, "", {}};
  if (site->state == SiteState::imported) return Error{ErrorCode::site_imported, "", {}};
  if (site->state != SiteState::ready || !site->live) {
    return Error{ErrorCode::site_not_ready, std::string(name_of(site->state)), {}};
  }
  return std::nullopt;
}

/// Whether the pin's version was tried in vain.
bool has_failed(const SiteRow& site) {
  return !site.active && !is_rolling_back(site) && site.last &&
         site.last->revision >= site.pin->revision && site.live->revision < site.pin->revision;
}

/// The deployment to go back to: the named one, or the one that was live before the present one,
/// which is the pinned one while the site is pinned. Asks for rows.
std::optional<Deployment> target_of(Run& run, const SiteRow& site, const RollbackBody& body) {
  if (body.deployment_id) return run.row<Deployment>("deployment", *body.deployment_id);
  const std::string id = site_id(site.platform_id, site.environment);
  const bool on_its_way = site.pin && site.live->revision < site.pin->revision;
  if (on_its_way) return run.row<Deployment>("deployment", site.pin->deployment_id);
  const std::string& present = site.pin ? site.pin->deployment_id : site.live->deployment_id;
  const auto earlier =
      run.query<Deployment>("deployments_of_site", {id, present, number(candidates_max)});
  const auto found = std::find_if(earlier.begin(), earlier.end(), [](const Deployment& each) {
    return each.state == DeploymentState::live;
  });
  if (found == earlier.end()) return std::nullopt;
  return *found;
}

std::optional<Error> target_fault(const RollbackBody& body, const SiteRow& site,
                                  const std::optional<Deployment>& target) {
  if (!target && !body.deployment_id) return Error{ErrorCode::rollback_nothing, "", {}};
  const std::string id = site_id(site.platform_id, site.environment);
  if (!target || target->site != id) return Error{ErrorCode::deployment_unknown, "", {}};
  if (target->state == DeploymentState::live) return std::nullopt;
  return Error{ErrorCode::rollback_not_live, concat("it is ", name_of(target->state)), {}};
}

/// What the site is pinned to: a deployment of another project is not in this one.
SitePinned pin_at(const SiteRow& site, const Deployment& target, const std::string& reason) {
  SitePinned out{target.config_version, target.shell_sha, target.id, {}, reason};
  if (target.project_name == site.project_name) {
    out.pages_deployment_id = target.pages_deployment_id;
  }
  return out;
}

}  // namespace

Outcome site_rollback(Run& run) {
  RollbackBody body;
  if (!run.body_bytes().empty() || run.input().body_too_large) {
    if (const auto error = run.read_body(body)) return run.fail(*error);
  }
  if (auto issue = reason_issue(body.reason)) {
    return run.fail({ErrorCode::body_invalid, "", {*std::move(issue)}});
  }
  const std::string_view platform_id = run.param("platformId");
  const auto environment = from_name<Environment>(run.param("environment"));
  const auto platform = known_platform(run, platform_id);
  auto site =
      run.row<SiteRow>("site", site_id(platform_id, environment.value_or(Environment::dev)));
  if (run.incomplete()) return run.need();
  if (const auto fault = platform_fault(platform)) return run.fail(*fault);
  if (!environment) return run.fail({ErrorCode::environment_unknown, "", {}});
  if (const auto fault = site_fault(site)) return run.fail(*fault);
  const auto target = target_of(run, *site, body);
  if (run.incomplete()) return run.need();
  if (const auto fault = target_fault(body, *site, target)) return run.fail(*fault);

  const bool same = site->pin && site->pin->deployment_id == target->id && !has_failed(*site);
  if (!same) {
    const std::string reason = body.reason.value_or(concat("rollback to ", target->id));
    run.draft().record(*site, pin_at(*site, *target, reason));
    if (!site->active) run.draft().look_at(*site, run.now_ms());
  }
  return reply_wish(run, "site_rollback", *site, site->seq);
}

}  // namespace slipway
