// What the instance does for itself, by the name of its effect.
#include "app/upkeep.hpp"

#include "app/effects.hpp"
#include "app/operations.hpp"
#include "app/retention.hpp"
#include "base/text.hpp"

namespace slipway {

void start_walk(Run& run, UpkeepRow& walk, WalkStarted started) {
  // One that is under way goes on: the caller is shown how far it is.
  if (walk.state == WalkState::running && walk.to == started.to) return;
  run.draft().record(walk, std::move(started));
  run.draft().look_at(walk, run.now_ms());
}

Outcome look_at_upkeep(Run& run, std::string_view id) {
  const std::string key = concat("upkeep:", id);
  const bool due = is_due(run, key);
  auto walk = run.row<UpkeepRow>("upkeep", id);
  if (run.incomplete()) return run.need();
  if (!due) return run.done();
  if (!walk || walk->state != WalkState::running) {
    settle_unknown(run, key);
    return run.done();
  }
  if (id == upkeep_reconcile) return reconcile_next(run, *walk);
  if (id == upkeep_config_store) return move_next(run, *walk);
  stop_on_damage();
}

Outcome prune(Run& run, std::string_view site_or_platform) {
  const bool site = site_or_platform.find('/') != std::string_view::npos;
  return site ? prune_deployments(run, site_or_platform) : prune_versions(run, site_or_platform);
}

}  // namespace slipway
