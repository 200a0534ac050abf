// GET .../config/versions: the history of a configuration, one version, and what differs.
#include "app/change_config.hpp"
#include "app/config_views.hpp"
#include "app/known_platform.hpp"
#include "app/operation_view.hpp"
#include "app/operations.hpp"
#include "app/paging.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

ConfigVersionView view_of(const ConfigVersionRow& row) {
  ConfigVersionView view;
  view.version = row.version;
  view.etag = etag_of(row, std::nullopt);
  view.source = row.source;
  view.opaque = row.opaque;
  view.author = row.author;
  view.reason = row.reason;
  view.created_at = to_rfc3339(row.created_ms);
  return view;
}

/// The version of that number in the path or the query; nothing where there is none.
std::optional<ConfigVersionRow> version_of(Run& run, int64_t number) {
  return run.row<ConfigVersionRow>("config_version",
                                   config_version_id(run.param("platformId"), number));
}

}  // namespace

Outcome config_version_list(Run& run) {
  const std::string id(run.param("platformId"));
  const auto page = read_page(run);
  const auto platform = known_platform(run, id);
  const auto rows = run.query<ConfigVersionRow>("config_versions_before",
                                                {id, page.cursor, number(page.limit + 1)});
  if (run.incomplete()) return run.need();
  if (const auto fault = platform_fault(platform)) return run.fail(*fault);

  ConfigVersionList list;
  for (const ConfigVersionRow& row : rows) {
    if (static_cast<int64_t>(list.items.size()) == page.limit) {
      list.next_cursor = config_version_id(id, list.items.back().version);
      break;
    }
    list.items.push_back(view_of(row));
  }
  return run.reply(200, to_json(list));
}

Outcome config_version_read(Run& run) {
  const auto platform = known_platform(run, run.param("platformId"));
  const auto version = version_of(run, to_number(run.param("version")).value_or(0));
  if (run.incomplete()) return run.need();
  if (const auto fault = platform_fault(platform)) return run.fail(*fault);
  if (!version) return run.fail({ErrorCode::config_version_unknown, "", {}});

  const auto document = [&](std::string_view name) {
    return run.document(config_document_id(*version, name, std::nullopt));
  };
  auto documents = documents_of(run, *version);
  const auto features = document("features");
  const auto env = document("env");
  const auto auth = document("auth");
  if (run.incomplete()) return run.need();
  if (!features || !env || !auth) stop_on_damage();
  ConfigVersionView view = view_of(*version);
  view.documents = std::move(documents);
  view.rendered = ConfigView{std::string(*features), std::string(*env), std::string(*auth)};
  Map<std::string> headers;
  headers.members.emplace_back("etag", view.etag);
  return run.reply(200, to_json(view), std::move(headers));
}

Outcome config_version_diff(Run& run) {
  const int64_t to = to_number(run.param("version")).value_or(0);
  const int64_t from = to_number(run.query_param("from").value_or("")).value_or(to - 1);
  const auto platform = known_platform(run, run.param("platformId"));
  const auto after = version_of(run, to);
  const auto before = version_of(run, from);
  if (run.incomplete()) return run.need();
  if (const auto fault = platform_fault(platform)) return run.fail(*fault);
  if (!after || !before) return run.fail({ErrorCode::config_version_unknown, "", {}});
  if (after->opaque) return run.fail({ErrorCode::config_opaque, *after->opaque, {}});
  if (before->opaque) return run.fail({ErrorCode::config_opaque, *before->opaque, {}});
  const auto was = documents_of(run, *before);
  const auto is = documents_of(run, *after);
  if (run.incomplete()) return run.need();
  if (!was || !is) stop_on_damage();
  return run.reply(200, to_json(ConfigDiffView{from, to, changes_between(*was, *is)}));
}

}  // namespace slipway
