// Replays an aggregate's journal and compares the result with its row: fold(apply, journal) == row.
#include "app/journal.hpp"
#include "app/operation_view.hpp"
#include "app/operations.hpp"
#include "app/views.hpp"

namespace slipway {
namespace {

constexpr std::string_view unequal = "{\"equal\":false}";

template <class Row, class Event>
Outcome compare(Run& run, std::string_view aggregate, std::string_view table, std::string_view id) {
  constexpr int64_t entries_max = 10'000;
  const auto row = run.row<Row>(table, id);
  const auto entries = run.query<JournalRecord>(
      "journal_of", {std::string(aggregate), number(0), number(entries_max)});
  if (run.incomplete()) return run.need();
  if (has_newer(entries)) return run.fail({ErrorCode::storage_newer, std::string(aggregate), {}});
  Row folded;
  for (const JournalRecord& entry : entries) {
    if (!fold_entry<Row, Event>(run.reader(), entry, folded)) {
      return run.reply(200, std::string(unequal));
    }
  }
  const bool equal = row ? to_json(*row) == to_json(folded) : entries.empty();
  return run.reply(200, equal ? "{\"equal\":true}" : std::string(unequal));
}

}  // namespace

Outcome fold_journal(Run& run) {
  const std::string_view aggregate = run.input().aggregate;
  const size_t colon = aggregate.find(':');
  if (colon == std::string_view::npos) stop_on_damage();
  const std::string_view table = aggregate.substr(0, colon);
  const std::string_view id = aggregate.substr(colon + 1);
  if (table == "site") return compare<SiteRow, SiteEvent>(run, aggregate, table, id);
  if (table == "batch") return compare<BatchRow, BatchEvent>(run, aggregate, table, id);
  if (table == "platform") return compare<PlatformRow, PlatformEvent>(run, aggregate, table, id);
  if (table == "token") return compare<TokenRow, TokenEvent>(run, aggregate, table, id);
  if (table == "account") return compare<AccountRow, AccountEvent>(run, aggregate, table, id);
  if (table == "upkeep") return compare<UpkeepRow, UpkeepEvent>(run, aggregate, table, id);
  if (table == "import") return compare<ImportRow, ImportEvent>(run, aggregate, table, id);
  if (table == "org") return compare<OrgRow, OrgEvent>(run, aggregate, table, id);
  if (table == "fleet") return compare<FleetRow, FleetEvent>(run, aggregate, table, id);
  if (table == "migration") {
    return compare<MigrationRow, MigrationEvent>(run, aggregate, table, id);
  }
  stop_on_damage();
}

}  // namespace slipway
