#include "app/views.hpp"

#include "base/text.hpp"

namespace slipway {

DeploymentView view_of(const Deployment& deployment) {
  DeploymentView out;
  out.deployment_id = deployment.id;
  out.platform_id = deployment.platform_id;
  out.environment = deployment.environment;
  out.project_name = deployment.project_name;
  out.state = deployment.state;
  out.config_version = deployment.config_version;
  out.shell_sha = deployment.shell_sha;
  out.reasons = deployment.reasons;
  out.batch_id = deployment.batch_id;
  out.run_url = deployment.run_url;
  out.pages_deployment_id = deployment.pages_deployment_id;
  out.pages_deployment_url = deployment.pages_url;
  out.verified = deployment.verified;
  out.verified_files = deployment.verified_files;
  out.failure = deployment.failure;
  out.created_at = to_rfc3339(deployment.created_ms);
  out.updated_at = to_rfc3339(deployment.updated_ms);
  return out;
}

std::optional<std::string> url_of(const SiteRow& site) {
  if (!site.subdomain) return std::nullopt;
  return concat("https://", *site.subdomain);
}

std::optional<RemovalView> removal_of(const SiteRow& site) {
  if (!site.removal) return std::nullopt;
  const Removal& removal = *site.removal;
  return RemovalView{to_rfc3339(removal.started_ms), removal.step, removal.left, removal.project};
}

PlatformState state_of(const PlatformRow& platform) {
  if (platform.deletion) return PlatformState::deleting;
  return platform.suspended ? PlatformState::suspended : PlatformState::active;
}

std::optional<WaitingView> waiting_of(const SiteRow& site) {
  if (site.queued) {
    return WaitingView{"build.queued",
                       concat("waits for the builder in the queue ", site.queued->queue),
                       to_rfc3339(site.queued->due_ms)};
  }
  if (!site.waiting) return std::nullopt;
  return WaitingView{site.waiting->code, site.waiting->detail, to_rfc3339(site.waiting->until_ms)};
}

SiteView view_of(const SiteRow& site) {
  SiteView out;
  out.environment = site.environment;
  out.project_name = site.project_name;
  if (!site.account.empty()) out.account = site.account;
  out.state = site.state;
  out.url = url_of(site);
  out.waiting = waiting_of(site);
  out.blocked = site.blocked;
  out.desired_config_version = site.desired.config_version;
  out.up_to_date = site.live && site.live->revision == site.desired.revision;
  if (site.live) {
    out.live =
        LiveView{site.live->deployment_id, site.live->config_version, to_rfc3339(site.live->at_ms)};
  }
  if (site.active) out.active = view_of(*site.active);
  if (site.last) out.last = view_of(*site.last);
  out.removal = removal_of(site);
  out.paused = pause_of(site);
  out.pin = pin_of(site);
  out.drift = drift_of(site);
  return out;
}

}  // namespace slipway
