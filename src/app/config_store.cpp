// POST /api/v1/config-store/migrate and GET /api/v1/config-store: all documents to one store. The
// instance writes there already; reads find a document wherever it is, so that the walk may take
// its time. A document leaves its old store after it was read from the new one, byte for byte.
#include "app/config_documents.hpp"
#include "app/operation_view.hpp"
#include "app/operations.hpp"
#include "app/status_views.hpp"
#include "app/upkeep.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

UpkeepRow walk_of(Run& run) {
  return run.row<UpkeepRow>("upkeep", upkeep_config_store).value_or(UpkeepRow{});
}

ConfigStoreView view_of_store(const Run& run, const UpkeepRow& walk) {
  return {std::string(run.setting("CONFIG_STORE")), walk.to, view_of(walk)};
}

/// A document in both stores.
struct Twice {
  std::string id;
  std::optional<std::string_view> from;
  std::optional<std::string_view> to;
};

std::vector<Twice> read_both(Run& run, const std::vector<ConfigVersionRow>& versions,
                             std::string_view from, std::string_view to) {
  std::vector<Twice> out;
  for (const ConfigVersionRow& version : versions) {
    for (std::string& id : document_ids(version)) {
      const auto there = run.document_in(to, id);
      const auto here = run.document_in(from, id);
      out.push_back({std::move(id), here, there});
    }
  }
  return out;
}

/// Documents that are only in the old store are copied. True where there were any.
bool copy(Run& run, const std::vector<Twice>& documents, std::string_view to) {
  bool any = false;
  for (const Twice& document : documents) {
    if (document.to || !document.from) continue;
    run.draft().store(document.id, std::string(*document.from), std::string(to));
    any = true;
  }
  return any;
}

/// Everything of the page is in the new store: what is equal there leaves the old one.
WalkAdvanced remove_copied(Run& run, const std::vector<Twice>& documents, std::string_view from) {
  WalkAdvanced done;
  std::vector<std::string> copied;
  for (const Twice& document : documents) {
    if (document.to && document.from == document.to) {
      copied.push_back(document.id);
    } else if (document.from) {
      ++done.faulty;
      done.detail = concat(document.id, ": differs between the stores, and stays in both");
    } else if (!document.to) {
      ++done.faulty;
      done.detail = concat(document.id, ": is in neither store");
    }
  }
  done.changed = static_cast<int64_t>(copied.size());
  run.draft().remove(from, copied);
  return done;
}

}  // namespace

WalkView view_of(const UpkeepRow& walk) {
  WalkView view;
  view.state = walk.state;
  view.looked_at = walk.items;
  view.changed = walk.changed;
  view.faulty = walk.faulty;
  view.detail = walk.detail;
  if (!walk.cursor.empty()) view.cursor = walk.cursor;
  if (walk.state == WalkState::never) return view;
  view.started_at = to_rfc3339(walk.started_ms);
  view.updated_at = to_rfc3339(walk.updated_ms);
  return view;
}

Outcome config_store_read(Run& run) {
  const UpkeepRow walk = walk_of(run);
  if (run.incomplete()) return run.need();
  return run.reply(200, to_json(view_of_store(run, walk)));
}

Outcome config_store_migrate(Run& run) {
  ConfigStoreBody body;
  if (const auto error = run.read_body(body)) return run.fail(*error);
  const std::string to(name_of(body.to));
  if (run.setting("CONFIG_STORE") != to) {
    return run.fail({ErrorCode::config_store_other,
                     concat("CONFIG_STORE is ", run.setting("CONFIG_STORE")),
                     {}});
  }
  UpkeepRow walk = walk_of(run);
  if (run.incomplete()) return run.need();
  start_walk(run, walk, {std::string(upkeep_config_store), to});
  Map<std::string> headers;
  headers.members.emplace_back("location", "/api/v1/config-store");
  return run.reply(202, to_json(view_of_store(run, walk)), std::move(headers));
}

Outcome move_next(Run& run, UpkeepRow& walk) {
  const std::string to = present(walk.to);
  const std::string_view from = config_stores[to == config_stores[0] ? 1 : 0];
  Draft& draft = run.draft();
  if (run.setting("CONFIG_STORE") != to) {
    draft.record(walk, WalkStopped{"CONFIG_STORE names the other store again"});
    draft.settle(walk);
    return run.done();
  }
  const auto versions = run.query<ConfigVersionRow>(
      "config_versions_after", {walk.cursor, number(limits::moved_versions_max)});
  const auto documents = read_both(run, versions, from, to);
  if (run.incomplete()) return run.need();
  if (versions.empty()) {
    draft.record(walk, WalkFinished{});
    draft.settle(walk);
    return run.done();
  }
  if (!copy(run, documents, to)) {
    WalkAdvanced done = remove_copied(run, documents, from);
    const ConfigVersionRow& last = versions.back();
    done.cursor = config_version_id(last.platform_id, last.version);
    done.items = static_cast<int64_t>(versions.size());
    draft.record(walk, std::move(done));
  }
  draft.look_at(walk, run.now_ms());
  return run.done();
}

}  // namespace slipway
