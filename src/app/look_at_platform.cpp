// Looking at a platform that is to go: once its sites are gone, its configuration is removed, some
// versions at a time, and then it is deleted. Its row stays as the memory of its events, so that
// the id can be used again.
#include <algorithm>
#include <utility>

#include "app/config_documents.hpp"
#include "app/effects.hpp"
#include "app/operations.hpp"
#include "base/text.hpp"

namespace slipway {
Outcome look_at_platform(Run& run, std::string_view id) {
  const bool due = is_due(run, concat("platform:", id));
  auto platform = run.row<PlatformRow>("platform", id);
  const auto sites = run.query<SiteRow>("sites_of_platform", {std::string(id), number(100)});
  const auto versions = run.query<ConfigVersionRow>(
      "config_versions_before", {std::string(id), "", number(limits::removed_versions_per_look)});
  if (run.incomplete()) return run.need();
  if (!due || !platform) return run.done();

  Draft& draft = run.draft();
  const bool gone = std::all_of(sites.begin(), sites.end(),
                                [](const SiteRow& site) { return site.deleted_ms.has_value(); });
  const bool leaves = platform->deletion && !platform->deleted_ms;
  if (!leaves || !gone) {
    draft.settle(*platform);
    return run.done();
  }
  if (versions.empty()) {
    draft.record(*platform, PlatformDeleted{platform->config_version});
    draft.settle(*platform);
    return run.done();
  }
  std::vector<OldRow> rows;
  std::vector<std::string> documents;
  for (const ConfigVersionRow& version : versions) {
    rows.push_back({config_version_id(version.platform_id, version.version)});
    for (std::string& document : document_ids(version)) documents.push_back(std::move(document));
  }
  draft.forget("config_version", rows);
  for (const std::string_view store : config_stores) draft.remove(store, documents);
  draft.look_at(*platform, run.now_ms());
  return run.done();
}

}  // namespace slipway
