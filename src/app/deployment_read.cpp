// GET /api/v1/deployments/{deploymentId} and the list of a site's deployments.
#include "app/known_platform.hpp"
#include "app/operation_view.hpp"
#include "app/operations.hpp"
#include "app/paging.hpp"
#include "app/timeline.hpp"
#include "app/views.hpp"

namespace slipway {

Outcome deployment_read(Run& run) {
  const auto deployment = run.row<Deployment>("deployment", run.param("deploymentId"));
  if (run.incomplete()) return run.need();
  if (!deployment || !run.caller().may_see(deployment->platform_id)) {
    return run.fail({ErrorCode::deployment_unknown, "", {}});
  }
  std::vector<TimelineEntry> timeline;
  append_timeline(run, timeline, deployment->site, deployment->first_seq, deployment->id);
  if (run.incomplete()) return run.need();

  DeploymentView view = view_of(*deployment);
  // Events that are long past may have been compacted away.
  const int64_t seq = timeline.empty() ? deployment->first_seq : timeline.back().seq;
  view.timeline = std::move(timeline);
  return run.reply_or_hold(to_json(view), seq,
                           is_terminal(deployment->state) ? Progress::ended : Progress::moves);
}

Outcome site_deployments(Run& run) {
  const std::string_view platform_id = run.param("platformId");
  const auto environment = from_name<Environment>(run.param("environment"));
  const auto page = read_page(run);
  if (!environment) return run.fail({ErrorCode::environment_unknown, "", {}});
  const std::string id = site_id(platform_id, *environment);
  const auto platform = known_platform(run, platform_id);
  const auto site = run.row<SiteRow>("site", id);
  const auto rows =
      run.query<Deployment>("deployments_of_site", {id, page.cursor, number(page.limit + 1)});
  if (run.incomplete()) return run.need();
  if (!platform) return run.fail({ErrorCode::platform_unknown, "", {}});
  if (!site || site->deleted_ms) return run.fail({ErrorCode::environment_unknown, "", {}});

  DeploymentList list;
  for (const Deployment& row : rows) {
    if (static_cast<int64_t>(list.items.size()) == page.limit) {
      list.next_cursor = list.items.back().deployment_id;
      break;
    }
    list.items.push_back(view_of(row));
  }
  return run.reply(200, to_json(list));
}

}  // namespace slipway
