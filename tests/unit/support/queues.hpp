// The named queries over queues and open batches, and the ledgers, as the storage has them: its
// statements are in worker-shim/storage/statements.ts.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "app/control.hpp"
#include "app/ledger_views.hpp"
#include "base/text.hpp"
#include "domain/batch.hpp"
#include "domain/site.hpp"
#include "support/segments.hpp"

namespace slipway::test {

/// Rows as JSON, by table and id.
using Tables = std::map<std::string, std::map<std::string, std::string>>;

[[nodiscard]] inline LedgerRow ledger_of(Tables& tables, const std::string& id) {
  const auto found = tables["ledger"].find(id);
  return found == tables["ledger"].end() ? LedgerRow{id, 0, 0, 0}
                                         : parsed<LedgerRow>(found->second);
}

/// Gives units away; 0, or how long it is until there is room.
[[nodiscard]] inline int64_t spend(Tables& tables, const SpendDocument& wanted, int64_t now_ms) {
  LedgerRow row = ledger_of(tables, wanted.ledger);
  const int64_t floor_ms = now_ms - wanted.burst * wanted.interval_ms;
  const int64_t paced_ms = std::max(row.paced_ms, floor_ms) + wanted.units * wanted.interval_ms;
  const int64_t wait_ms = std::max({paced_ms + wanted.leave * wanted.interval_ms - now_ms,
                                    row.last_ms + wanted.gap_ms - now_ms, row.stopped_ms - now_ms});
  if (wait_ms > 0) return wait_ms;
  row.paced_ms = paced_ms;
  row.last_ms = now_ms;
  tables["ledger"][row.id] = to_json(row);
  return 0;
}

inline void stop(Tables& tables, const StopDocument& rest) {
  LedgerRow row = ledger_of(tables, rest.ledger);
  row.stopped_ms = std::max(row.stopped_ms, rest.until_ms);
  tables["ledger"][row.id] = to_json(row);
}

/// Sites that wait in this queue, or in any where it is empty, and may be planned by then.
[[nodiscard]] inline std::vector<std::string> sites_queued(Tables& tables, const std::string& queue,
                                                           int64_t before_ms) {
  std::vector<std::pair<std::pair<int64_t, std::string>, std::string>> due;
  for (const auto& [id, json] : tables["site"]) {
    const auto site = parsed<SiteRow>(json);
    if (!site.queued || site.queued->due_ms > before_ms) continue;
    if (queue.empty() || site.queued->queue == queue)
      due.push_back({{site.queued->due_ms, id}, json});
  }
  std::sort(due.begin(), due.end());
  std::vector<std::string> out;
  for (auto& [at, json] : due) out.push_back(std::move(json));
  return out;
}

/// The batch that has the site's deployment still to upload; empty where none has.
[[nodiscard]] inline std::string building_in(const SiteRow& site) {
  const bool waits = site.active && is_before_upload(site.active->state);
  return waits ? site.active->batch_id : "";
}

[[nodiscard]] inline std::map<std::string, int64_t> building_counts(Tables& tables) {
  std::map<std::string, int64_t> counts;
  for (const auto& [id, json] : tables["site"]) {
    const std::string batch = building_in(parsed<SiteRow>(json));
    if (!batch.empty()) ++counts[batch];
  }
  return counts;
}

/// The queries over batches and what is built; false where it is none of them.
[[nodiscard]] inline bool built(Tables& tables, const std::string& name,
                                const std::vector<Scalar>& params,
                                std::vector<std::string>& found) {
  if (name == "sites_building") {
    for (const auto& [id, json] : tables["site"]) {
      if (building_in(parsed<SiteRow>(json)) == params[0].text) found.push_back(json);
    }
  } else if (name == "building_counts") {
    for (const auto& [batch, sites] : building_counts(tables)) {
      found.push_back(to_json(BuildingCount{batch, sites}));
    }
  } else if (name == "building_count") {
    const std::string& batch = params[0].text;
    found.push_back(to_json(BuildingCount{batch, building_counts(tables)[batch]}));
  } else if (name == "batches_open" || name == "batches_waiting") {
    for (const auto& [id, json] : tables["batch"]) {
      const auto batch = parsed<BatchRow>(json);
      if (!batch.open) continue;
      if (name == "batches_open") {
        found.push_back(to_json(*batch.open));
      } else if (batch.open->account == params[0].text) {
        found.push_back(json);
      }
    }
  } else {
    return false;
  }
  return true;
}

/// The queries of this file; false where it is none of them.
[[nodiscard]] inline bool queued(Tables& tables, const std::string& name,
                                 const std::vector<Scalar>& params,
                                 std::vector<std::string>& found) {
  if (name == "ledgers") {
    for (const auto& [id, json] : tables["ledger"]) found.push_back(json);
    return true;
  }
  if (name == "sites_queued" || name == "sites_queued_before") {
    const bool one = name == "sites_queued";
    found = sites_queued(tables, one ? params[0].text : "", *to_number(params[one ? 1 : 0].text));
  } else if (!built(tables, name, params, found)) {
    return false;
  }
  if (name == "building_counts" || name == "building_count") return true;
  const auto limit = static_cast<size_t>(*to_number(params.back().text));
  if (found.size() > limit) found.resize(limit);
  return true;
}

}  // namespace slipway::test
