#include "app/plan_deployment.hpp"

#include "app/fleet.hpp"

namespace slipway {

BatchRow plan_deployment(Run& run, SiteRow& site, Origin origin) {
  Draft& draft = run.draft();
  const std::string deployment_id = run.new_id("dep_");
  BatchRow batch;
  batch.id = run.new_id("bat_");
  const std::string site_name = site_id(site.platform_id, site.environment);
  draft.record(
      batch,
      BatchPlanned{batch.id, site.account, site.environment, origin, {{deployment_id, site_name}}});
  draft.record(site, DeploymentPlanned{deployment_id, batch.id});
  draft.look_at(batch, run.now_ms());
  draft.settle(site);
  return batch;
}

void plan_or_settle(Run& run, SiteRow& site) {
  if (wants_deployment(site)) {
    if (held(run, site)) return;
    plan_deployment(run, site, Origin::dispatched);
  } else if (waits_for_verification(site) || is_rolling_back(site)) {
    run.draft().look_at(site, run.now_ms());
  } else {
    run.draft().settle(site);
  }
}

}  // namespace slipway
