// GET /api/v1/imports/{importId}: how far an import is, and a page of its lines.
#include "app/import_views.hpp"
#include "app/operation_view.hpp"
#include "app/operations.hpp"
#include "app/paging.hpp"
#include "base/text.hpp"

namespace slipway {

ImportView view_of(const ImportRow& row, const std::vector<ImportItemRow>& items) {
  ImportView view;
  view.import_id = row.id;
  view.state = row.state;
  view.dry_run = row.dry_run;
  view.waiting = static_cast<int64_t>(row.pending.size());
  view.read = row.read;
  view.imported = row.imported;
  view.existing = row.existing;
  view.refused = row.refused;
  view.failure = row.failure;
  view.created_at = to_rfc3339(row.created_ms);
  view.updated_at = to_rfc3339(row.updated_ms);
  for (const ImportItemRow& item : items) {
    view.items.push_back({item.repository, item.platform_id, item.outcome, item.environments,
                          item.config, item.notes});
  }
  return view;
}

Outcome import_read(Run& run) {
  const auto page = read_page(run);
  const auto row = run.row<ImportRow>("import", run.param("importId"));
  auto items = run.query<ImportItemRow>(
      "import_items_after",
      {std::string(run.param("importId")), page.cursor, number(page.limit + 1)});
  if (run.incomplete()) return run.need();
  if (!row) return run.fail({ErrorCode::import_unknown, "", {}});

  const bool more = static_cast<int64_t>(items.size()) > page.limit;
  if (more) items.pop_back();
  ImportView view = view_of(*row, items);
  if (more) view.next_cursor = import_item_id(row->id, items.back().number);
  const bool running = row->state == ImportState::running;
  return run.reply_or_hold(to_json(view), row->seq, running ? Progress::moves : Progress::ended);
}

}  // namespace slipway
