// The outbox as the core reads it.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "app/operation_view.hpp"
#include "app/run.hpp"
#include "app/storage_names.hpp"

namespace slipway {

/// A row of the outbox: when someone should look at an aggregate.
struct EffectRow {
  std::string key;
  int64_t seq = 0;
  std::optional<int64_t> due_at_ms;
  int64_t attempts = 0;
};
template <>
struct describe<EffectRow> {
  static constexpr std::string_view name = "EffectRow";
  static constexpr std::string_view doc = "When someone should look at an aggregate.";
  static constexpr std::array fields = {
      field<&EffectRow::key>("key", "the aggregate"),
      field<&EffectRow::seq>("seq", "events of the aggregate when this was decided"),
      field<&EffectRow::due_at_ms>("due_at_ms", "absent: settled"),
      field<&EffectRow::attempts>("attempts", "looks since then that changed nothing"),
  };
};

/// Whether the effect is due. A message that comes early, late or twice finds its effect settled or
/// put off by another run, and does nothing: it was sent for another due time than the promise has
/// now. So a doubled message never goes on as two. In a storage of a newer version nothing is due:
/// this one must not interpret it. Asks for the rows: check `run.incomplete()` afterwards.
[[nodiscard]] inline bool is_due(Run& run, std::string_view key) {
  const auto level = run.row<StorageLevelRow>("upkeep", "schema");
  const auto rows = run.query<EffectRow>("effect", {std::string(key)});
  if (level && level->level > storage_level) return false;
  if (rows.empty() || !rows[0].due_at_ms || *rows[0].due_at_ms > run.now_ms()) return false;
  const auto sent_for = run.input().effect_due_at_ms;
  return !sent_for || *sent_for == *rows[0].due_at_ms;
}

/// Settles a due effect of something that is not there any more. `is_due` must have been asked.
inline void settle_unknown(Run& run, std::string_view key) {
  const auto rows = run.query<EffectRow>("effect", {std::string(key)});
  if (!rows.empty()) run.draft().resend({rows[0].key, rows[0].seq, std::nullopt, std::nullopt});
}

}  // namespace slipway
