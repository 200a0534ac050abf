// POST /api/v1/deployments/{deploymentId}/retry: the site's last deployment ended badly, and what
// it should have brought is still wished: the same version is wished anew.
#include "app/known_platform.hpp"
#include "app/operations.hpp"
#include "app/reply_wish.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

/// Why it cannot be tried again; nothing where it can.
std::optional<Error> retry_fault(const Deployment& deployment, const SiteRow& site) {
  const auto fault = [](std::string detail) {
    return Error{ErrorCode::deployment_not_retryable, std::move(detail), {}};
  };
  if (site.deleted_ms || is_leaving(site.state)) {
    return Error{ErrorCode::environment_deleting, std::string(name_of(site.environment)), {}};
  }
  if (site.state == SiteState::imported) return Error{ErrorCode::site_imported, "", {}};
  if (!is_terminal(deployment.state)) return fault("it has not ended");
  const bool ended_badly = deployment.state == DeploymentState::failed ||
                           deployment.state == DeploymentState::lost ||
                           deployment.state == DeploymentState::cancelled;
  if (!ended_badly) return fault(concat("it is ", name_of(deployment.state)));
  if (site.active) return fault(concat(site.active->id, " is under way"));
  if (!site.last || site.last->id != deployment.id) return fault("a later one has taken its place");
  if (site.last->revision != wished_revision(site)) return fault("something newer is wished");
  return std::nullopt;
}

/// The same wish once more: of a pinned site the pin, built again.
void wish_again(Run& run, SiteRow& site, const std::string& reason) {
  Draft& draft = run.draft();
  if (site.pin) {
    const Pin pin = *site.pin;
    draft.record(site,
                 SitePinned{pin.config_version, pin.shell_sha, pin.deployment_id, {}, pin.reason});
  } else {
    draft.record(site, DesiredChanged{site.last->config_version, site.last->shell_sha, reason,
                                      run.now_ms(), true});
  }
}

}  // namespace

Outcome deployment_retry(Run& run) {
  const auto row = run.row<Deployment>("deployment", run.param("deploymentId"));
  if (run.incomplete()) return run.need();
  if (!row || !run.caller().may_see(row->platform_id)) {
    return run.fail({ErrorCode::deployment_unknown, "", {}});
  }
  const auto platform = known_platform(run, row->platform_id);
  auto site = run.row<SiteRow>("site", row->site);
  if (run.incomplete()) return run.need();
  if (const auto fault = platform_fault(platform)) return run.fail(*fault);
  if (!site) stop_on_damage();
  if (const auto fault = retry_fault(*row, *site)) return run.fail(*fault);

  Draft& draft = run.draft();
  const std::string reason = concat("retry of ", row->id);
  wish_again(run, *site, reason);
  const int64_t wish_seq = site->seq;
  if (site->state == SiteState::blocked) draft.record(*site, SiteUnblocked{reason});
  draft.look_at(*site, run.now_ms());
  return reply_wish(run, "deployment_retry", *site, wish_seq);
}

}  // namespace slipway
