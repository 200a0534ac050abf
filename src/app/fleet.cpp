// GET /api/v1/fleet, POST /api/v1/fleet/freeze and /unfreeze. While the fleet is frozen no
// deployment is planned and no batch dispatched, whoever wishes it; what runs ends.
#include "app/fleet.hpp"

#include "app/control_bodies.hpp"
#include "app/operations.hpp"
#include "app/platform_change.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

FleetRow fleet_of(Run& run) { return run.row<FleetRow>("fleet", fleet_id).value_or(FleetRow{}); }

Outcome show(Run& run, const FleetRow& fleet) {
  FleetView view;
  if (const auto& frost = fleet.frozen) {
    view.frozen = FrozenView{frost->reason, frost->by, to_rfc3339(frost->at_ms)};
  }
  return run.reply(200, to_json(view));
}

}  // namespace

std::optional<Frozen> frozen(Run& run) { return fleet_of(run).frozen; }

bool held(Run& run, const SiteRow& site) {
  if (!frozen(run)) return false;
  run.draft().look_at(site, run.now_ms() + limits::frozen_pause_ms);
  return true;
}

bool held(Run& run, const BatchRow& batch) {
  if (!frozen(run)) return false;
  run.draft().look_at(batch, run.now_ms() + limits::frozen_pause_ms);
  return true;
}

bool held(Run& run, const OrgRow& org) {
  if (!frozen(run)) return false;
  run.draft().look_at(org, run.now_ms() + limits::frozen_pause_ms);
  return true;
}

std::optional<Error> build_fault(const std::optional<Frozen>& frost, const SiteRow& site) {
  if (frost) return Error{ErrorCode::fleet_frozen, frost->reason, {}};
  if (site.paused) return Error{ErrorCode::builds_paused, site.paused->reason, {}};
  return std::nullopt;
}

Outcome fleet_read(Run& run) {
  const FleetRow fleet = fleet_of(run);
  if (run.incomplete()) return run.need();
  return show(run, fleet);
}

Outcome fleet_freeze(Run& run) {
  FreezeBody body;
  if (const auto error = run.read_body(body)) return run.fail(*error);
  if (auto issue = reason_issue(body.reason)) {
    return run.fail({ErrorCode::body_invalid, "", {*std::move(issue)}});
  }
  FleetRow fleet = fleet_of(run);
  if (run.incomplete()) return run.need();
  if (!fleet.frozen) run.draft().record(fleet, FleetFrozen{body.reason, run.caller().author});
  return show(run, fleet);
}

Outcome fleet_unfreeze(Run& run) {
  FleetRow fleet = fleet_of(run);
  if (run.incomplete()) return run.need();
  if (fleet.frozen) run.draft().record(fleet, FleetUnfrozen{});
  return show(run, fleet);
}

}  // namespace slipway
