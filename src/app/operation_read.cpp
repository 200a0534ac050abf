// GET /api/v1/operations/{operationId}: follows what an API call started.
#include <algorithm>

#include "app/operation_view.hpp"
#include "app/operations.hpp"
#include "app/timeline.hpp"

namespace slipway {

Outcome operation_read(Run& run) {
  const auto operation = run.row<OperationRow>("operation", run.param("operationId"));
  if (run.incomplete()) return run.need();
  if (!operation || !run.caller().may_see(operation->platform_id)) {
    return run.fail({ErrorCode::operation_unknown, "", {}});
  }
  std::vector<SiteRow> sites;
  std::vector<TimelineEntry> timeline;
  int64_t changes = 0;
  for (const OperationSite& wish : operation->sites) {
    if (auto site = run.row<SiteRow>("site", wish.site)) {
      changes += site->seq;
      sites.push_back(std::move(*site));
    }
    append_timeline(run, timeline, wish.site, wish.seq);
  }
  // A deletion has not ended with its sites: the configuration goes, then the platform.
  const bool deletes = operation->kind == "platform_delete";
  std::optional<PlatformRow> platform;
  if (deletes) platform = run.row<PlatformRow>("platform", operation->platform_id);
  if (run.incomplete()) return run.need();

  sort_timeline(timeline);
  OperationView view = view_of(*operation, sites);
  const bool ends = platform && platform->deletion && !platform->deleted_ms &&
                    platform->deletion->operation_id == operation->id;
  if (ends && view.state == OperationState::succeeded) view.state = OperationState::running;
  if (platform) changes += platform->seq;
  view.timeline = std::move(timeline);
  const bool running = view.state == OperationState::running;
  return run.reply_or_hold(to_json(view), changes, running ? Progress::moves : Progress::ended);
}

}  // namespace slipway
