#include "app/drift.hpp"

#include <algorithm>

#include "app/operation_view.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

constexpr std::string_view walk_id = "drift";

}  // namespace

std::string drift_key(std::string_view site_id) { return concat("drift:", site_id); }

DriftSample find_drift_sample(Run& run) {
  DriftSample out;
  const int64_t wanted = to_number(run.setting("DRIFT_SAMPLE")).value_or(0);
  out.size = std::clamp<int64_t>(wanted, 0, limits::drift_sample_max);
  if (out.size == 0) return out;
  const auto walk = run.row<DriftWalkRow>("upkeep", walk_id);
  if (run.incomplete()) return out;
  const std::string after = walk.value_or(DriftWalkRow{}).after;
  out.sites = run.query<SiteRow>("sites_after", {after, number(out.size)});
  return out;
}

void promise_looks(Run& run, const DriftSample& sample) {
  if (sample.size == 0) return;
  // Behind the last one the walk begins anew.
  DriftWalkRow walk;
  const bool ended = static_cast<int64_t>(sample.sites.size()) < sample.size;
  for (const SiteRow& site : sample.sites) {
    const std::string id = site_id(site.platform_id, site.environment);
    if (!ended) walk.after = id;
    const bool stands = site.state == SiteState::ready || site.state == SiteState::suspended;
    if (!stands || !site.live) continue;
    run.draft().resend({drift_key(id), site.seq, run.now_ms(), std::nullopt});
  }
  run.draft().write("upkeep", walk_id, to_json(walk));
}

}  // namespace slipway
