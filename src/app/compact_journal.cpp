#include "app/compact_journal.hpp"

#include <algorithm>

#include "app/journal.hpp"
#include "app/operation_view.hpp"
#include "base/text.hpp"

namespace slipway {

/// What tells how old a row of the journal is.
struct JournalAge {
  int64_t id = 0;
  std::string aggregate;
  int64_t at_ms = 0;
};
template <>
struct describe<JournalAge> {
  static constexpr std::string_view name = "JournalAge";
  static constexpr std::string_view doc = "What tells how old a row of the journal is.";
  static constexpr std::array fields = {
      field<&JournalAge::id>("id", "the row"),
      field<&JournalAge::aggregate>("aggregate", "whose event it is"),
      field<&JournalAge::at_ms>("at_ms", "milliseconds since the epoch"),
  };
};

namespace {

/// The old entries folded into one. Nothing where there are fewer than two, or where they do not
/// fold: what is damaged is kept as it is.
template <class Row, class Event>
std::optional<CompactedJournal> fold_old(Run& run, const std::string& aggregate, int64_t horizon) {
  const auto entries = run.query<JournalRecord>(
      "journal_of", {aggregate, number(0), number(limits::compacted_events_max)});
  if (run.incomplete() || has_newer(entries)) return std::nullopt;
  Row row;
  size_t folded = 0;
  for (const JournalRecord& entry : entries) {
    if (entry.at_ms > horizon) break;
    if (!fold_entry<Row, Event>(run.reader(), entry, row)) return std::nullopt;
    ++folded;
  }
  if (folded < 2) return std::nullopt;
  return CompactedJournal{aggregate, row.seq,
                          concat("{\"type\":\"", snapshot_type, "\",\"row\":", to_json(row), "}")};
}

std::optional<CompactedJournal> fold_old(Run& run, const std::string& aggregate, int64_t horizon) {
  const auto begins = [&](std::string_view prefix) { return aggregate.starts_with(prefix); };
  if (begins("site:")) return fold_old<SiteRow, SiteEvent>(run, aggregate, horizon);
  if (begins("batch:")) return fold_old<BatchRow, BatchEvent>(run, aggregate, horizon);
  if (begins("platform:")) return fold_old<PlatformRow, PlatformEvent>(run, aggregate, horizon);
  if (begins("token:")) return fold_old<TokenRow, TokenEvent>(run, aggregate, horizon);
  if (begins("account:")) return fold_old<AccountRow, AccountEvent>(run, aggregate, horizon);
  if (begins("upkeep:")) return fold_old<UpkeepRow, UpkeepEvent>(run, aggregate, horizon);
  if (begins("fleet:")) return fold_old<FleetRow, FleetEvent>(run, aggregate, horizon);
  if (begins("org:")) return fold_old<OrgRow, OrgEvent>(run, aggregate, horizon);
  return std::nullopt;
}

}  // namespace

Compaction find_compaction(Run& run) {
  constexpr int64_t rows_max = 50;
  Compaction out;
  const auto stored = run.row<CompactionRow>("upkeep", "compaction");
  if (run.incomplete()) return out;
  out.after_id = stored.value_or(CompactionRow{}).after_id;
  const auto rows =
      run.query<JournalAge>("journal_after", {number(out.after_id), number(rows_max)});
  const int64_t horizon = run.now_ms() - limits::journal_kept_ms;
  std::vector<std::string> seen;
  for (const JournalAge& row : rows) {
    if (row.at_ms > horizon) break;
    const bool known = std::find(seen.begin(), seen.end(), row.aggregate) != seen.end();
    if (!known && seen.size() == limits::compacted_journals_max) break;
    out.after_id = row.id;
    out.moved = true;
    if (known) continue;
    seen.push_back(row.aggregate);
    if (auto journal = fold_old(run, row.aggregate, horizon)) {
      out.journals.push_back(*std::move(journal));
    }
  }
  return out;
}

void compact(Run& run, const Compaction& compaction) {
  for (const auto& [aggregate, seq, snapshot] : compaction.journals) {
    run.draft().cut_journal(aggregate, seq, snapshot);
  }
  if (!compaction.moved) return;
  run.draft().write("upkeep", "compaction", to_json(CompactionRow{compaction.after_id}));
}

}  // namespace slipway
