// A message that the queue gave up: what it was sent for is put on the list of dead letters. The
// promise itself stays in the outbox and is tried again ever less often.
#include "app/dead_letter.hpp"
#include "app/operations.hpp"
#include "base/blake3.hpp"
#include "base/text.hpp"

namespace slipway {

std::string dead_letter_id(std::string_view effect_key) {
  constexpr size_t digits = 26;
  const std::string digest = blake3_hex(effect_key);
  return concat("dl_", std::string_view(digest).substr(0, digits));
}

Outcome record_dead_letter(Run& run) {
  const std::string& key = run.input().effect_key;
  const std::string id = dead_letter_id(key);
  auto letter = run.row<DeadLetterRow>(dead_letter_table, id);
  if (run.incomplete()) return run.need();
  if (!letter) {
    letter.emplace();
    letter->effect_key = key;
    letter->first_ms = run.now_ms();
  }
  letter->due_at_ms = run.input().effect_due_at_ms.value_or(0);
  letter->given_up += 1;
  letter->last_ms = run.now_ms();
  letter->error = head(run.input().error, limits::dead_letter_error_bytes_max);
  run.draft().write(dead_letter_table, id, to_json(*letter));
  return run.done();
}

}  // namespace slipway
