// Looking at a platform that is to go: once its sites are gone, its configuration is removed, some
// versions at a time, and then it is deleted. Its row stays as the memory of its events, so that
// the id can be used again.
#include <algorithm>

#include "app/effects.hpp"
#include "app/operations.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

/// Every document that a version may have.
std::vector<std::string> documents_of(const ConfigVersionRow& version) {
  std::vector<std::string> ids = {config_json_id(version)};
  for (const std::string_view document : {"features", "env", "auth"}) {
    ids.push_back(config_document_id(version, document, std::nullopt));
    if (document == "features") continue;
    for (const Environment environment : version.overrides) {
      ids.push_back(config_document_id(version, document, environment));
    }
  }
  return ids;
}

}  // namespace

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
  for (const ConfigVersionRow& version : versions) {
    rows.push_back({config_version_id(version.platform_id, version.version)});
    draft.forget_documents(documents_of(version));
  }
  draft.forget("config_version", rows);
  draft.look_at(*platform, run.now_ms());
  return run.done();
}

}  // namespace slipway
