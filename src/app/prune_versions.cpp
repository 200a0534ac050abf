// Old configuration versions: the newest are kept, and every one that a site serves, builds, wishes
// for or is held at. Their documents go from both stores.
#include <algorithm>

#include "app/config_documents.hpp"
#include "app/effects.hpp"
#include "app/operation_view.hpp"
#include "app/retention.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

constexpr int64_t versions_max = 20;

bool is_needed(const std::vector<SiteRow>& sites, int64_t version) {
  return std::any_of(sites.begin(), sites.end(), [&](const SiteRow& site) {
    return site.desired.config_version == version ||
           (site.pin && site.pin->config_version == version) ||
           (site.live && site.live->config_version == version) ||
           (site.active && site.active->config_version == version) ||
           (site.last && site.last->config_version == version);
  });
}

}  // namespace

Outcome prune_versions(Run& run, std::string_view platform_id) {
  const std::string key = prune_key(platform_id);
  const std::string id(platform_id);
  const bool due = is_due(run, key);
  const auto platform = run.row<PlatformRow>("platform", id);
  const auto sites = run.query<SiteRow>("sites_of_platform", {id, number(100)});
  if (run.incomplete()) return run.need();
  if (!due) return run.done();
  if (!platform) {
    settle_unknown(run, key);
    return run.done();
  }
  const int64_t first_kept =
      std::max<int64_t>(platform->config_version - limits::config_versions_kept + 1, 1);
  const auto old = run.query<ConfigVersionRow>(
      "config_versions_before", {id, config_version_id(id, first_kept), number(versions_max)});
  if (run.incomplete()) return run.need();

  Draft& draft = run.draft();
  std::vector<OldRow> rows;
  std::vector<std::string> documents;
  for (const ConfigVersionRow& version : old) {
    if (is_needed(sites, version.version)) continue;
    rows.push_back({config_version_id(id, version.version)});
    for (std::string& document : document_ids(version)) documents.push_back(std::move(document));
  }
  draft.forget("config_version", rows);
  for (const std::string_view store : config_stores) draft.remove(store, documents);
  const bool more = !rows.empty() && static_cast<int64_t>(old.size()) == versions_max;
  const auto again = more ? std::optional(run.now_ms() + limits::prune_pause_ms) : std::nullopt;
  draft.resend({key, platform->seq, again, std::nullopt});
  return run.done();
}

}  // namespace slipway
