// GET /api/v1/platforms/{platformId} and the list of platforms.
#include <algorithm>

#include "app/operation_view.hpp"
#include "app/operations.hpp"
#include "app/paging.hpp"
#include "app/timeline.hpp"
#include "app/views.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

/// Events of each site that a platform shows.
constexpr int64_t shown_events = 50;

/// The platforms after the cursor that the caller may know of, by id: a page and one more.
std::vector<PlatformRow> platforms_after(Run& run, const Page& page) {
  const Caller& caller = run.caller();
  if (!caller.token || covers_all(*caller.token)) {
    return run.query<PlatformRow>("platforms_after", {page.cursor, number(page.limit + 1)});
  }
  std::vector<std::string> ids = caller.token->platforms;
  std::sort(ids.begin(), ids.end());
  std::vector<PlatformRow> out;
  for (const std::string& id : ids) {
    if (id <= page.cursor) continue;
    if (auto row = run.row<PlatformRow>("platform", id)) out.push_back(std::move(*row));
  }
  return out;
}

}  // namespace

Outcome platform_read(Run& run) {
  const std::string id(run.param("platformId"));
  const auto platform = run.row<PlatformRow>("platform", id);
  const auto sites = run.query<SiteRow>("sites_of_platform", {id, number(100)});
  if (run.incomplete()) return run.need();
  if (!platform) return run.fail({ErrorCode::platform_unknown, "", {}});

  PlatformView view{platform->platform_id,
                    platform->name,
                    platform->config_version,
                    to_rfc3339(platform->created_ms),
                    {},
                    {}};
  int64_t changes = platform->seq;
  for (const SiteRow& site : sites) {
    view.sites.push_back(view_of(site));
    changes += site.seq;
    append_timeline(run, view.timeline, site_id(id, site.environment),
                    std::max<int64_t>(1, site.seq - shown_events));
  }
  if (run.incomplete()) return run.need();
  sort_timeline(view.timeline);
  const bool settled = std::all_of(sites.begin(), sites.end(), is_at_rest);
  return run.reply_or_hold(to_json(view), to_text(changes), settled);
}

Outcome platform_list(Run& run) {
  const auto page = read_page(run);
  const auto rows = platforms_after(run, page);
  if (run.incomplete()) return run.need();

  PlatformList list;
  for (const PlatformRow& row : rows) {
    if (static_cast<int64_t>(list.items.size()) == page.limit) {
      list.next_cursor = list.items.back().platform_id;
      break;
    }
    list.items.push_back({row.platform_id, row.name, row.environments, row.config_version,
                          to_rfc3339(row.created_ms)});
  }
  return run.reply(200, to_json(list));
}

}  // namespace slipway
