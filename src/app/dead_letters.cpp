// GET, POST and DELETE below /api/v1/dead-letters: what failed again and again is listed, tried
// again, or struck off.
#include "app/dead_letter.hpp"
#include "app/effects.hpp"
#include "app/operation_view.hpp"
#include "app/operations.hpp"
#include "app/paging.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

DeadLetterView view_of(const DeadLetterRow& row) {
  return {dead_letter_id(row.effect_key),
          row.effect_key,
          to_rfc3339(row.due_at_ms),
          row.given_up,
          to_rfc3339(row.first_ms),
          to_rfc3339(row.last_ms),
          row.error};
}

/// What operators have decided so far; nothing of it is needed, only its number of events.
UpkeepRow decisions(Run& run) {
  return run.row<UpkeepRow>("upkeep", upkeep_dead_letters).value_or(UpkeepRow{});
}

/// Sends the messages of these letters anew; a letter goes when its work is done. A letter whose
/// effect is settled is forgotten at once.
Outcome retry(Run& run, const std::vector<DeadLetterRow>& letters, bool more) {
  UpkeepRow upkeep = decisions(run);
  std::vector<std::vector<EffectRow>> effects;
  effects.reserve(letters.size());
  for (const DeadLetterRow& letter : letters) {
    effects.push_back(run.query<EffectRow>("effect", {letter.effect_key}));
  }
  if (run.incomplete()) return run.need();

  LettersRetried retried;
  std::vector<OldRow> done;
  for (size_t i = 0; i < letters.size(); ++i) {
    if (effects[i].empty() || !effects[i][0].due_at_ms) {
      done.push_back({dead_letter_id(letters[i].effect_key)});
      continue;
    }
    const EffectRow& effect = effects[i][0];
    run.draft().resend(
        {effect.key, effect.seq, effect.due_at_ms, run.now_ms() + limits::resend_max_ms});
    retried.keys.push_back(effect.key);
  }
  const auto count = static_cast<int64_t>(retried.keys.size());
  if (count > 0) run.draft().record(upkeep, std::move(retried));
  run.draft().forget(dead_letter_table, done);
  return run.reply(202, to_json(RetriedView{count, more}));
}

}  // namespace

Outcome dead_letter_list(Run& run) {
  const auto page = read_page(run);
  const auto rows =
      run.query<DeadLetterRow>("dead_letters_after", {page.cursor, number(page.limit + 1)});
  if (run.incomplete()) return run.need();

  DeadLetterList list;
  for (const DeadLetterRow& row : rows) {
    if (static_cast<int64_t>(list.items.size()) == page.limit) {
      list.next_cursor = list.items.back().dead_letter_id;
      break;
    }
    list.items.push_back(view_of(row));
  }
  return run.reply(200, to_json(list));
}

Outcome dead_letter_retry(Run& run) {
  const auto letter = run.row<DeadLetterRow>(dead_letter_table, run.param("deadLetterId"));
  if (run.incomplete()) return run.need();
  if (!letter) return run.fail({ErrorCode::dead_letter_unknown, "", {}});
  return retry(run, {*letter}, false);
}

Outcome dead_letter_retry_all(Run& run) {
  auto letters = run.query<DeadLetterRow>("dead_letters_after",
                                          {std::string(), number(limits::dead_letters_max + 1)});
  if (run.incomplete()) return run.need();
  const bool more = static_cast<int64_t>(letters.size()) > limits::dead_letters_max;
  if (more) letters.pop_back();
  return retry(run, letters, more);
}

Outcome dead_letter_dismiss(Run& run) {
  const std::string id(run.param("deadLetterId"));
  const auto letter = run.row<DeadLetterRow>(dead_letter_table, id);
  UpkeepRow upkeep = decisions(run);
  if (run.incomplete()) return run.need();
  if (!letter) return run.fail({ErrorCode::dead_letter_unknown, "", {}});
  run.draft().record(upkeep, LetterDismissed{letter->effect_key});
  run.draft().forget(dead_letter_table, {{id}});
  return run.reply(204, "");
}

}  // namespace slipway
