// An import: repositories of the world before Slipway are listed and read, and each becomes a
// platform whose sites are `imported`, or a line that says why not. The row holds what is still to
// be read; a repository's line is written once, together with its platform.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/failure.hpp"
#include "domain/migration_states.hpp"
#include "domain/names.hpp"

namespace slipway {

struct ImportRow {
  int64_t seq = 0;
  std::string id;
  std::string owner;
  std::string prefix;
  std::string suffix;
  std::vector<Environment> environments;
  bool dry_run = false;
  std::string author;
  ImportState state{};
  int64_t next_page = 0;
  std::vector<std::string> pending;
  int64_t read = 0;
  int64_t imported = 0;
  int64_t existing = 0;
  int64_t refused = 0;
  std::optional<Failure> failure;
  int64_t created_ms = 0;
  int64_t updated_ms = 0;
};
template <>
struct describe<ImportRow> {
  static constexpr std::string_view name = "ImportRow";
  static constexpr std::string_view doc = "An import as it is stored.";
  static constexpr std::array fields = {
      field<&ImportRow::seq>("seq", "events so far"),
      field<&ImportRow::id>("id", "`imp_` and a ULID"),
      field<&ImportRow::owner>("owner", "the organisation at GitHub"),
      field<&ImportRow::prefix>("prefix", "how the listed repositories' names begin"),
      field<&ImportRow::suffix>("suffix", "how a repository's name ends after the platform id"),
      field<&ImportRow::environments>("environments",
                                      "of every platform; empty: those that have an old project"),
      field<&ImportRow::dry_run>("dry_run", "no platform is stored"),
      field<&ImportRow::author>("author", "who asked"),
      field<&ImportRow::state>("state", "how far it is"),
      field<&ImportRow::next_page>("next_page",
                                   "of the organisation's list; 0: nothing more is listed"),
      field<&ImportRow::pending>("pending", "repositories that are still to be read"),
      field<&ImportRow::read>("read", "repositories that have their line"),
      field<&ImportRow::imported>("imported", "those that became a platform"),
      field<&ImportRow::existing>("existing", "those whose platform was there"),
      field<&ImportRow::refused>("refused", "those that could not"),
      field<&ImportRow::failure>("failure", "why it stopped"),
      field<&ImportRow::created_ms>("created_ms", "milliseconds since the epoch"),
      field<&ImportRow::updated_ms>("updated_ms", "last change, milliseconds since the epoch"),
  };
};

/// What became of one repository.
enum class ImportOutcome : uint8_t { imported, existing, refused };
template <>
struct describe<ImportOutcome> {
  static constexpr std::string_view name = "ImportOutcome";
  static constexpr std::array<std::string_view, 3> names = {"imported", "existing", "refused"};
};

/// The line of one repository; immutable.
struct ImportItemRow {
  std::string import_id;
  int64_t number = 0;
  std::string repository;
  std::optional<std::string> platform_id;
  ImportOutcome outcome{};
  std::vector<Environment> environments;
  std::optional<std::string> config;
  std::vector<Failure> notes;
};
template <>
struct describe<ImportItemRow> {
  static constexpr std::string_view name = "ImportItemRow";
  static constexpr std::string_view doc = "What became of one repository.";
  static constexpr std::array fields = {
      field<&ImportItemRow::import_id>("import_id", "the import"),
      field<&ImportItemRow::number>("number", "its place in the report, from 1"),
      field<&ImportItemRow::repository>("repository", "`owner/name`"),
      field<&ImportItemRow::platform_id>("platform_id", "the platform, where the name gives one"),
      field<&ImportItemRow::outcome>("outcome", "what became of it"),
      field<&ImportItemRow::environments>("environments", "its sites"),
      field<&ImportItemRow::config>("config", "structured or opaque"),
      field<&ImportItemRow::notes>("notes", "what a person should know, each with the next step"),
  };
};

struct ImportStarted {
  std::string id;
  std::string owner;
  std::string prefix;
  std::string suffix;
  std::vector<std::string> repositories;
  bool all = false;
  std::vector<Environment> environments;
  bool dry_run = false;
  std::string author;
};
struct ImportListed {
  std::vector<std::string> repositories;
  int64_t next_page = 0;
};
struct ImportRead {
  int64_t imported = 0;
  int64_t existing = 0;
  int64_t refused = 0;
};
struct ImportFinished {
  int64_t read = 0;
};
struct ImportStopped {
  Failure failure;
};
template <>
struct describe<ImportStarted> {
  static constexpr std::string_view name = "import_started";
  static constexpr std::string_view doc = "Repositories are to be imported.";
  static constexpr std::array fields = {
      field<&ImportStarted::id>("id", "its id"),
      field<&ImportStarted::owner>("owner", "the organisation at GitHub"),
      field<&ImportStarted::prefix>("prefix", "how listed names begin"),
      field<&ImportStarted::suffix>("suffix", "how names end"),
      field<&ImportStarted::repositories>("repositories", "those that were named"),
      field<&ImportStarted::all>("all", "the organisation's list is read"),
      field<&ImportStarted::environments>("environments", "of every platform"),
      field<&ImportStarted::dry_run>("dry_run", "no platform is stored"),
      field<&ImportStarted::author>("author", "who asked"),
  };
};
template <>
struct describe<ImportListed> {
  static constexpr std::string_view name = "import_listed";
  static constexpr std::string_view doc = "A page of the organisation's list was read.";
  static constexpr std::array fields = {
      field<&ImportListed::repositories>("repositories", "those that fit"),
      field<&ImportListed::next_page>("next_page", "0: it was the last"),
  };
};
template <>
struct describe<ImportRead> {
  static constexpr std::string_view name = "import_read";
  static constexpr std::string_view doc = "The first of the pending repositories have their lines.";
  static constexpr std::array fields = {
      field<&ImportRead::imported>("imported", "became platforms"),
      field<&ImportRead::existing>("existing", "had a platform"),
      field<&ImportRead::refused>("refused", "could not"),
  };
};
template <>
struct describe<ImportFinished> {
  static constexpr std::string_view name = "import_finished";
  static constexpr std::string_view doc = "Every repository has its line.";
  static constexpr std::array fields = {
      field<&ImportFinished::read>("read", "how many"),
  };
};
template <>
struct describe<ImportStopped> {
  static constexpr std::string_view name = "import_stopped";
  static constexpr std::string_view doc = "It cannot go on.";
  static constexpr std::array fields = {
      field<&ImportStopped::failure>("failure", "why"),
  };
};

/// Everything that can become true about an import.
using ImportEvent =
    std::variant<ImportStarted, ImportListed, ImportRead, ImportFinished, ImportStopped>;

/// Makes the event true on the row; `at_ms` is when it was recorded. The event must be allowed.
void apply(ImportRow& row, const ImportEvent& event, int64_t at_ms);

/// The id of a line: `imp_.../000001`, so that lines sort by number.
[[nodiscard]] std::string import_item_id(std::string_view import_id, int64_t number);

/// The platform id that a repository's name gives: without the suffix. Nothing where the name does
/// not end so, or the rest is no platform id.
[[nodiscard]] std::optional<std::string> platform_id_of(std::string_view repository,
                                                        std::string_view suffix);

}  // namespace slipway
