// GET /api/v1/batches and /api/v1/batches/{batchId}: what the builder has before it. GET
// /api/v1/budgets: what may still be asked of GitHub and Cloudflare.
#include <algorithm>

#include "app/batch_views.hpp"
#include "app/ledger_views.hpp"
#include "app/operation_view.hpp"
#include "app/operations.hpp"
#include "app/paging.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

BatchView view_of(const BatchRow& batch, const std::vector<BuildingCount>& counts) {
  BatchView out;
  out.batch_id = batch.id;
  out.state = batch.state;
  out.account = batch.account;
  out.environment = batch.environment;
  out.origin = batch.origin;
  out.interactive = batch.interactive;
  out.shell_sha = batch.shell_sha;
  out.shards = batch.shards;
  out.deployments = static_cast<int64_t>(batch.members.size());
  for (const BuildingCount& count : counts) {
    if (count.batch_id == batch.id) out.left = count.sites;
  }
  out.run_url = batch.run_url;
  out.run_ended = batch.run_ended;
  out.failure = batch.failure;
  out.created_at = to_rfc3339(batch.created_ms);
  return out;
}

/// The numbers that hold for a ledger, and the window that they keep.
struct Kept {
  Budget budget;
  int64_t window_ms;
};

Kept kept_of(std::string_view ledger) {
  constexpr int64_t hour_ms = 3'600'000;
  if (ledger == github_ledger) return {github_budget, hour_ms};
  if (ledger == dispatch_ledger) return {dispatch_budget, hour_ms};
  return {cloudflare_budget, cloudflare_window_ms};
}

BudgetView view_of(const LedgerRow& row, int64_t now_ms) {
  constexpr int64_t second_ms = 1000;
  const auto [budget, window_ms] = kept_of(row.id);
  const bool stopped = row.stopped_ms > now_ms;
  BudgetView out;
  out.ledger = row.id;
  out.units = most_in(budget, window_ms);
  out.window_s = window_ms / second_ms;
  const int64_t rested = (now_ms - row.paced_ms) / budget.interval_ms;
  out.available = stopped ? 0 : std::clamp<int64_t>(rested, 0, budget.burst);
  out.reserve = budget.reserve;
  out.last_spent_at = to_rfc3339(row.last_ms);
  if (stopped) out.stopped_until = to_rfc3339(row.stopped_ms);
  return out;
}

}  // namespace

Outcome batch_list(Run& run) {
  const auto page = read_page(run);
  const auto rows = run.query<BatchRow>("batches_newest", {page.cursor, number(page.limit + 1)});
  const auto counts = run.query<BuildingCount>("building_counts", {});
  if (run.incomplete()) return run.need();
  BatchList list;
  for (const BatchRow& row : rows) {
    if (static_cast<int64_t>(list.items.size()) == page.limit) {
      list.next_cursor = list.items.back().batch_id;
      break;
    }
    list.items.push_back(view_of(row, counts));
  }
  return run.reply(200, to_json(list));
}

Outcome batch_read(Run& run) {
  const auto batch = run.row<BatchRow>("batch", run.param("batchId"));
  const auto counts =
      run.query<BuildingCount>("building_count", {std::string(run.param("batchId"))});
  if (run.incomplete()) return run.need();
  if (!batch) return run.fail({ErrorCode::batch_unknown, "", {}});
  return run.reply(200, to_json(view_of(*batch, counts)));
}

Outcome budget_list(Run& run) {
  const auto rows = run.query<LedgerRow>("ledgers", {});
  if (run.incomplete()) return run.need();
  BudgetList list;
  list.items.reserve(rows.size());
  for (const LedgerRow& row : rows) list.items.push_back(view_of(row, run.now_ms()));
  return run.reply(200, to_json(list));
}

}  // namespace slipway
