// GET /api/v1/platforms/{platformId}: a platform with its sites and their latest events.
#include <algorithm>

#include "app/known_platform.hpp"
#include "app/operation_view.hpp"
#include "app/operations.hpp"
#include "app/timeline.hpp"
#include "app/views.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

/// Events of each site that a platform shows.
constexpr int64_t shown_events = 50;

}  // namespace

Outcome platform_read(Run& run) {
  const std::string id(run.param("platformId"));
  const auto platform = known_platform(run, id);
  const auto sites = run.query<SiteRow>("sites_of_platform", {id, number(100)});
  if (run.incomplete()) return run.need();
  if (!platform) return run.fail({ErrorCode::platform_unknown, "", {}});

  PlatformView view{platform->platform_id,
                    platform->name,
                    state_of(*platform),
                    platform->config_version,
                    to_rfc3339(platform->created_ms),
                    {},
                    {},
                    {},
                    {}};
  if (const auto& suspended = platform->suspended) {
    view.suspended = SuspensionView{suspended->reason, to_rfc3339(suspended->at_ms)};
  }
  if (const auto& deletion = platform->deletion) {
    view.deletion = DeletionView{deletion->operation_id, to_rfc3339(deletion->at_ms)};
  }
  int64_t changes = platform->seq;
  for (const SiteRow& site : sites) {
    changes += site.seq;
    // A site that is gone is shown as long as the platform goes, too.
    if (site.deleted_ms && !platform->deletion) continue;
    view.sites.push_back(view_of(site));
    append_timeline(run, view.timeline, site_id(id, site.environment),
                    std::max<int64_t>(1, site.seq - shown_events));
  }
  if (run.incomplete()) return run.need();
  sort_timeline(view.timeline);
  const bool gone = std::all_of(sites.begin(), sites.end(),
                                [](const SiteRow& site) { return site.deleted_ms.has_value(); });
  const bool settled = !gone && std::all_of(sites.begin(), sites.end(), is_at_rest);
  return run.reply_or_hold(to_json(view), changes, settled ? Progress::rests : Progress::moves);
}

}  // namespace slipway
