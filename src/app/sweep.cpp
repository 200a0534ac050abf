// The cron tick: promises that were not kept are sent again, rows whose time is over are deleted,
// journals compacted, a bounded number at a time. A settled instance pays for one small row.
#include <algorithm>

#include "app/build_queue.hpp"
#include "app/compact_journal.hpp"
#include "app/dead_letter.hpp"
#include "app/drift.hpp"
#include "app/effects.hpp"
#include "app/operation_view.hpp"
#include "app/operations.hpp"
#include "app/retention.hpp"
#include "app/storage_names.hpp"

namespace slipway {
namespace {

/// Each minute at first; then after as long as it is due already, so that what always fails is sent
/// less and less.
int64_t resend_after_ms(int64_t age_ms) {
  if (age_ms < limits::resend_steadily_ms) return limits::resend_ms;
  return std::min(age_ms, limits::resend_max_ms);
}

/// Letters whose work is done: the promise that failed is no promise any more.
std::vector<OldRow> done_letters(Run& run) {
  std::vector<OldRow> done;
  const auto letters = run.query<DeadLetterRow>("dead_letters_after",
                                                {std::string(), number(limits::dead_letters_max)});
  for (const DeadLetterRow& letter : letters) {
    const auto effects = run.query<EffectRow>("effect", {letter.effect_key});
    const bool same = !effects.empty() && effects[0].due_at_ms == letter.due_at_ms;
    if (!same) done.push_back({dead_letter_id(letter.effect_key)});
  }
  return done;
}

/// A queue that nobody will look at although a site waits in it for long.
void recall_queue(Run& run, const std::vector<SiteRow>& waiting) {
  for (const SiteRow& site : waiting) {
    const std::string key = queue_key(site.account);
    const auto promises = run.query<EffectRow>("effect", {key});
    if (run.incomplete() || (!promises.empty() && promises[0].due_at_ms)) continue;
    const int64_t seq = promises.empty() ? 0 : promises[0].seq;
    run.draft().resend({key, seq + 1, run.now_ms(), std::nullopt});
  }
}

}  // namespace

Outcome sweep(Run& run) {
  const auto level = run.row<StorageLevelRow>("upkeep", "schema");
  const auto overdue = run.query<EffectRow>(
      "effects_overdue",
      {number(run.now_ms() - limits::sweep_grace_ms), number(limits::sweep_items_max)});
  const auto waiting = run.query<SiteRow>(
      "sites_queued_before", {number(run.now_ms() - limits::queue_forgotten_ms), number(1)});
  recall_queue(run, waiting);
  const auto letters = done_letters(run);
  const OldRows old = find_old_rows(run);
  const Compaction compaction = find_compaction(run);
  const DriftSample sample = find_drift_sample(run);
  if (run.incomplete()) return run.need();
  // What a newer version has written is not this one's to send, to shorten or to delete.
  if (level && level->level > storage_level) {
    run.draft().committed();
    return run.done();
  }
  for (const EffectRow& effect : overdue) {
    const int64_t age_ms = run.now_ms() - present(effect.due_at_ms);
    run.draft().resend(
        {effect.key, effect.seq, effect.due_at_ms, run.now_ms() + resend_after_ms(age_ms)});
  }
  run.draft().forget(dead_letter_table, letters);
  forget_old_rows(run, old);
  compact(run, compaction);
  promise_looks(run, sample);
  run.draft().write("upkeep", "cron", to_json(CronRow{run.now_ms()}));
  return run.done();
}

}  // namespace slipway
