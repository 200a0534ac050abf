#include "app/operation_view.hpp"

#include "base/text.hpp"

namespace slipway {
namespace {

OperationSiteView view_of_site(const SiteRow& site, int64_t revision) {
  OperationSiteView out;
  out.environment = site.environment;
  out.url = url_of(site);
  if (site.live && site.live->revision >= revision) {
    out.state = OperationState::succeeded;
    out.step = std::string(name_of(DeploymentState::live));
    out.deployment_id = site.live->deployment_id;
  } else if (site.active && site.active->revision >= revision) {
    out.state = OperationState::running;
    out.step = std::string(name_of(site.active->state));
    out.deployment_id = site.active->id;
  } else if (site.blocked) {
    out.state = OperationState::failed;
    out.step = std::string(name_of(site.state));
    out.failure = site.blocked;
  } else if (site.last && site.last->revision >= revision) {
    out.state = OperationState::failed;
    out.step = std::string(name_of(site.last->state));
    out.deployment_id = site.last->id;
    out.failure = site.last->failure;
  } else {
    out.state = OperationState::running;
    out.step = std::string(name_of(site.state));
  }
  return out;
}

}  // namespace

OperationView view_of(const OperationRow& operation, const std::vector<SiteRow>& sites) {
  OperationView out;
  out.operation_id = operation.id;
  out.kind = operation.kind;
  out.platform_id = operation.platform_id;
  out.created_at = to_rfc3339(operation.created_ms);
  out.state = OperationState::succeeded;
  for (const OperationSite& wish : operation.sites) {
    for (const SiteRow& site : sites) {
      if (site_id(site.platform_id, site.environment) != wish.site) continue;
      out.sites.push_back(view_of_site(site, wish.revision));
      const OperationState state = out.sites.back().state;
      const bool outweighs =
          state == OperationState::running ||
          (state == OperationState::failed && out.state == OperationState::succeeded);
      if (outweighs) out.state = state;
    }
  }
  return out;
}

Scalar number(int64_t value) { return NumberText{to_text(value)}; }

}  // namespace slipway
