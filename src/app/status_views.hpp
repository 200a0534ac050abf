// What the instance says of itself: whether it is ready, and figures for operators.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "domain/upkeep.hpp"
#include "wire/describe.hpp"

namespace slipway {

struct CheckView {
  std::string name;
  bool ok = false;
};
template <>
struct describe<CheckView> {
  static constexpr std::string_view name = "Check";
  static constexpr std::string_view doc = "One condition of being ready.";
  static constexpr std::array fields = {
      field<&CheckView::name>("name",
                              "storage, configuration, github, cloudflare, cron, effects, "
                              "dead_letters: docs/operations.md says what to do"),
      field<&CheckView::ok>("ok", "whether it holds"),
  };
};

struct ReadyView {
  bool ready = false;
  std::vector<CheckView> checks;
};
template <>
struct describe<ReadyView> {
  static constexpr std::string_view name = "Ready";
  static constexpr std::string_view doc = "Whether the instance can do its work.";
  static constexpr std::array fields = {
      field<&ReadyView::ready>("ready", "every check holds"),
      field<&ReadyView::checks>("checks", "each condition"),
  };
};

/// A number that is counted no further than to a bound.
struct CountView {
  int64_t count = 0;
  bool more = false;
};
template <>
struct describe<CountView> {
  static constexpr std::string_view name = "Count";
  static constexpr std::string_view doc = "A number of things, counted up to 1000.";
  static constexpr std::array fields = {
      field<&CountView::count>("count", "at least this many"),
      field<&CountView::more>("more", "there are more"),
  };
};

struct VersionsView {
  int64_t storage_level = 0;
  int64_t storage_level_expected = 0;
  int64_t journal_format = 0;
};
template <>
struct describe<VersionsView> {
  static constexpr std::string_view name = "Versions";
  static constexpr std::string_view doc = "Versions of what is stored.";
  static constexpr std::array fields = {
      field<&VersionsView::storage_level>("storageLevel", "the last migration applied"),
      field<&VersionsView::storage_level_expected>("storageLevelExpected", "the last one known"),
      field<&VersionsView::journal_format>("journalFormat", "that events are written in"),
  };
};

struct StatusView {
  std::string at;
  std::vector<CheckView> checks;
  std::optional<std::string> last_cron_at;
  CountView promised;
  CountView overdue;
  std::optional<std::string> oldest_overdue_at;
  CountView dead_letters;
  int64_t journal_entries_at_most = 0;
  VersionsView versions;
};
template <>
struct describe<StatusView> {
  static constexpr std::string_view name = "Status";
  static constexpr std::string_view doc = "How the instance is doing, in figures.";
  static constexpr std::array fields = {
      field<&StatusView::at>("at", "RFC 3339, UTC"),
      field<&StatusView::checks>("checks", "as /readyz has them"),
      field<&StatusView::last_cron_at>("lastCronAt", "RFC 3339, UTC; absent: never"),
      field<&StatusView::promised>("promised", "effects that are due, now or later"),
      field<&StatusView::overdue>("overdue", "effects that are due and not done"),
      field<&StatusView::oldest_overdue_at>("oldestOverdueAt", "since when the first of them is"),
      field<&StatusView::dead_letters>("deadLetters", "work that failed again and again"),
      field<&StatusView::journal_entries_at_most>("journalEntriesAtMost",
                                                  "from the first event kept to the last"),
      field<&StatusView::versions>("versions", "of what is stored"),
  };
};

/// How far a walk over all that is stored has come.
struct WalkView {
  WalkState state{};
  int64_t looked_at = 0;
  int64_t changed = 0;
  int64_t faulty = 0;
  std::optional<std::string> detail;
  std::optional<std::string> cursor;
  std::optional<std::string> started_at;
  std::optional<std::string> updated_at;
};
template <>
struct describe<WalkView> {
  static constexpr std::string_view name = "Walk";
  static constexpr std::string_view doc = "How far a walk over all that is stored has come.";
  static constexpr std::array fields = {
      field<&WalkView::state>("state", "whether it is under way"),
      field<&WalkView::looked_at>("lookedAt", "sites, or configuration versions, so far"),
      field<&WalkView::changed>("changed", "where there was something to do"),
      field<&WalkView::faulty>("faulty", "where something is wrong that it does not mend"),
      field<&WalkView::detail>("detail", "what was wrong last, or why it stopped"),
      field<&WalkView::cursor>("cursor", "everything up to here is done"),
      field<&WalkView::started_at>("startedAt", "RFC 3339, UTC"),
      field<&WalkView::updated_at>("updatedAt", "RFC 3339, UTC"),
  };
};

/// Where documents of configurations are.
enum class ConfigStoreName : uint8_t { d1, r2 };
template <>
struct describe<ConfigStoreName> {
  static constexpr std::string_view name = "ConfigStoreName";
  static constexpr std::array<std::string_view, 2> names = {"d1", "r2"};
};

struct ConfigStoreBody {
  ConfigStoreName to{};
};
template <>
struct describe<ConfigStoreBody> {
  static constexpr std::string_view name = "ConfigStoreMigrate";
  static constexpr std::string_view doc = "Where all documents are to be.";
  static constexpr std::array fields = {
      field<&ConfigStoreBody::to>("to", "the store that the instance is configured to write to"),
  };
};

struct ConfigStoreView {
  std::string store;
  std::optional<std::string> to;
  WalkView migration;
};
template <>
struct describe<ConfigStoreView> {
  static constexpr std::string_view name = "ConfigStore";
  static constexpr std::string_view doc = "Where documents are written, and their migration.";
  static constexpr std::array fields = {
      field<&ConfigStoreView::store>("store", "where new documents are written"),
      field<&ConfigStoreView::to>("to", "where the last migration copies to"),
      field<&ConfigStoreView::migration>("migration", "how far it is"),
  };
};

/// The view of a walk; `never` where there was none.
[[nodiscard]] WalkView view_of(const UpkeepRow& walk);

}  // namespace slipway
