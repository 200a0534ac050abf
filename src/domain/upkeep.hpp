// What the instance does for itself: walks over all that it stores, a page at a time, and what an
// operator has decided about dead letters. Rows of one table, by what they are about.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "wire/describe.hpp"

namespace slipway {

/// The walk that makes every site looked at again.
inline constexpr std::string_view upkeep_reconcile = "reconcile";
/// The walk that copies documents from one store to the other.
inline constexpr std::string_view upkeep_config_store = "config_store";
/// What operators have decided about dead letters.
inline constexpr std::string_view upkeep_dead_letters = "dead_letters";

enum class WalkState : uint8_t { never, running, finished, stopped };
template <>
struct describe<WalkState> {
  static constexpr std::string_view name = "WalkState";
  static constexpr std::array<std::string_view, 4> names = {"never", "running", "finished",
                                                            "stopped"};
};

struct UpkeepRow {
  int64_t seq = 0;
  std::string id;
  WalkState state{};
  std::optional<std::string> to;
  std::string cursor;
  int64_t items = 0;
  int64_t changed = 0;
  int64_t faulty = 0;
  std::optional<std::string> detail;
  int64_t started_ms = 0;
  int64_t updated_ms = 0;
};
template <>
struct describe<UpkeepRow> {
  static constexpr std::string_view name = "UpkeepRow";
  static constexpr std::string_view doc = "Something that the instance does for itself.";
  static constexpr std::array fields = {
      field<&UpkeepRow::seq>("seq", "events so far"),
      field<&UpkeepRow::id>("id", "what it is about"),
      field<&UpkeepRow::state>("state", "of a walk: how far it is"),
      field<&UpkeepRow::to>("to", "config_store: the store that documents are copied to"),
      field<&UpkeepRow::cursor>("cursor", "everything up to here is done"),
      field<&UpkeepRow::items>("items", "what this walk has looked at"),
      field<&UpkeepRow::changed>("changed", "where it found something to do"),
      field<&UpkeepRow::faulty>("faulty", "where something is wrong that it does not mend"),
      field<&UpkeepRow::detail>("detail", "what was wrong last, or why it was stopped"),
      field<&UpkeepRow::started_ms>("started_ms", "milliseconds since the epoch"),
      field<&UpkeepRow::updated_ms>("updated_ms", "last event, milliseconds since the epoch"),
  };
};

struct WalkStarted {
  std::string id;
  std::optional<std::string> to;
};
struct WalkAdvanced {
  std::string cursor;
  int64_t items = 0;
  int64_t changed = 0;
  int64_t faulty = 0;
  std::optional<std::string> detail;
};
struct WalkFinished {};
struct WalkStopped {
  std::string detail;
};
struct LettersRetried {
  std::vector<std::string> keys;
};
struct LetterDismissed {
  std::string key;
};

template <>
struct describe<WalkStarted> {
  static constexpr std::string_view name = "walk_started";
  static constexpr std::string_view doc = "A walk over all that is stored begins, or begins anew.";
  static constexpr std::array fields = {
      field<&WalkStarted::id>("id", "which one"),
      field<&WalkStarted::to>("to", "config_store: where documents are copied to"),
  };
};
template <>
struct describe<WalkAdvanced> {
  static constexpr std::string_view name = "walk_advanced";
  static constexpr std::string_view doc = "A page of the walk is done.";
  static constexpr std::array fields = {
      field<&WalkAdvanced::cursor>("cursor", "the last of the page"),
      field<&WalkAdvanced::items>("items", "looked at in the page"),
      field<&WalkAdvanced::changed>("changed", "of these, with something to do"),
      field<&WalkAdvanced::faulty>("faulty", "of these, with something wrong"),
      field<&WalkAdvanced::detail>("detail", "what was wrong last"),
  };
};
template <>
struct describe<WalkFinished> {
  static constexpr std::string_view name = "walk_finished";
  static constexpr std::string_view doc = "Everything was looked at.";
  static constexpr std::array<FieldInfo, 0> fields = {};
};
template <>
struct describe<WalkStopped> {
  static constexpr std::string_view name = "walk_stopped";
  static constexpr std::string_view doc = "The walk cannot go on.";
  static constexpr std::array fields = {field<&WalkStopped::detail>("detail", "why")};
};
template <>
struct describe<LettersRetried> {
  static constexpr std::string_view name = "letters_retried";
  static constexpr std::string_view doc = "An operator had dead letters tried again.";
  static constexpr std::array fields = {field<&LettersRetried::keys>("keys", "their effects")};
};
template <>
struct describe<LetterDismissed> {
  static constexpr std::string_view name = "letter_dismissed";
  static constexpr std::string_view doc = "An operator has struck a dead letter off the list.";
  static constexpr std::array fields = {field<&LetterDismissed::key>("key", "its effect")};
};

/// Everything that can become true about the instance's own work.
using UpkeepEvent = std::variant<WalkStarted, WalkAdvanced, WalkFinished, WalkStopped,
                                 LettersRetried, LetterDismissed>;

/// Makes the event true on the row; `at_ms` is when it was recorded.
void apply(UpkeepRow& row, const UpkeepEvent& event, int64_t at_ms);

/// When the cron last ran; not journalled.
struct CronRow {
  int64_t at_ms = 0;
};
template <>
struct describe<CronRow> {
  static constexpr std::string_view name = "CronRow";
  static constexpr std::string_view doc = "When the cron last ran.";
  static constexpr std::array fields = {
      field<&CronRow::at_ms>("at_ms", "milliseconds since the epoch"),
  };
};

/// How many migrations the storage has; the migrations write it themselves.
struct StorageLevelRow {
  int64_t level = 0;
};
template <>
struct describe<StorageLevelRow> {
  static constexpr std::string_view name = "StorageLevelRow";
  static constexpr std::string_view doc = "Which migrations the storage has.";
  static constexpr std::array fields = {
      field<&StorageLevelRow::level>("level", "number of the last one"),
  };
};

/// Up to where sites were sampled for drift; not journalled.
struct DriftWalkRow {
  std::string after;
};
template <>
struct describe<DriftWalkRow> {
  static constexpr std::string_view name = "DriftWalkRow";
  static constexpr std::string_view doc = "Up to where sites were sampled for drift.";
  static constexpr std::array fields = {
      field<&DriftWalkRow::after>("after", "the last site; empty: the walk begins"),
  };
};

/// Up to where journals have been compacted; not journalled.
struct CompactionRow {
  int64_t after_id = 0;
};
template <>
struct describe<CompactionRow> {
  static constexpr std::string_view name = "CompactionRow";
  static constexpr std::string_view doc = "Up to where journals have been compacted.";
  static constexpr std::array fields = {
      field<&CompactionRow::after_id>("after_id", "the journal's rows up to this id are done"),
  };
};

}  // namespace slipway
