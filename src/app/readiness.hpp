// The conditions of being ready, and the facts that they are judged by.
#pragma once

#include <vector>

#include "app/dead_letter.hpp"
#include "app/effects.hpp"
#include "app/status_views.hpp"

namespace slipway {

struct Readiness {
  StorageLevelRow level;
  std::optional<CronRow> cron;
  std::vector<EffectRow> overdue;           ///< longest due first
  std::vector<DeadLetterRow> dead_letters;  ///< by id
};

/// Asks for the facts, at most `count` overdue effects and dead letters: check `run.incomplete()`
/// afterwards.
[[nodiscard]] Readiness read_readiness(Run& run, int64_t count);

/// Judges them. The names give nothing away; what is wrong in detail is in the status.
[[nodiscard]] std::vector<CheckView> checks_of(const Run& run, const Readiness& facts);

}  // namespace slipway
