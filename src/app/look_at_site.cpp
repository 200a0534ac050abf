// Looking at a site: what is the next thing to do for it? Its project is made, a deployment of its
// wish is planned, an uploaded one is verified, what is to go is removed. Level-triggered: only
// what is now counts.
#include "app/at_pages.hpp"
#include "app/build_queue.hpp"
#include "app/effects.hpp"
#include "app/ensure_project.hpp"
#include "app/fleet.hpp"
#include "app/operations.hpp"
#include "app/places.hpp"
#include "app/plan_deployment.hpp"
#include "app/remove_project.hpp"
#include "app/roll_back.hpp"
#include "app/verify_deployment.hpp"
#include "base/text.hpp"

namespace slipway {

Outcome look_at_site(Run& run, std::string_view id) {
  const bool due = is_due(run, concat("site:", id));
  auto site = run.row<SiteRow>("site", id);
  (void)frozen(run);
  if (run.incomplete()) return run.need();
  if (due && !site) settle_unknown(run, concat("site:", id));
  if (!due || !site) return run.done();
  if (site->state == SiteState::creating && site->account.empty()) {
    return place_sites(run, *site);
  }
  if (site->account.empty() && site->state == SiteState::deleting) {
    return remove_unplaced(run, *site);
  }
  if (site->account.empty()) {
    run.draft().settle(*site);
    return run.done();
  }
  auto account = run.row<AccountRow>("account", site->account);
  if (run.incomplete()) return run.need();
  if (!account) stop_on_damage();

  if (site->state == SiteState::creating) return ensure_project(run, *site, *account);
  if (site->state == SiteState::deleting) return remove_project(run, *site, *account);
  if (waits_for_verification(*site)) return verify_deployment(run, *site, account_at(*account));
  if (is_rolling_back(*site)) return roll_back(run, *site, account_at(*account));
  if (wants_deployment(*site) && planned_from_ms(*site) <= run.now_ms()) {
    if (held(run, *site)) return run.done();
    return join_queue(run, *site, *account);
  }
  plan_or_settle(run, *site);
  return run.done();
}

}  // namespace slipway
