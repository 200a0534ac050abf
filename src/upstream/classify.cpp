#include "upstream/classify.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace slipway {

Verdict classify(const Answer& answer) {
  // Its credential was not to be had: it took no effect, and nobody has refused it.
  if (answer.lost && (answer.detail == "unsent" || answer.detail == "budget")) {
    return Verdict::retry_after;
  }
  return judge({.lost = answer.lost || answer.garbled,
                .status = answer.status,
                .says_when_to_retry = answer.header("retry-after").has_value(),
                .budget_is_exhausted = answer.header("x-ratelimit-remaining") == "0"});
}

int64_t wait_ms(const Answer& answer, int64_t now_ms) {
  constexpr int64_t second_ms = 1000;
  constexpr int64_t minute_ms = 60 * second_ms;
  int64_t wait = minute_ms;
  if (answer.lost && answer.detail == "budget") {
    return std::clamp(answer.wait_ms, limits::turn_wait_ms_min, 60 * minute_ms);
  }
  if (const auto seconds = to_number(answer.header("retry-after").value_or(""))) {
    wait = *seconds * second_ms;
  } else if (answer.header("x-ratelimit-remaining") == "0") {
    const auto reset_s = to_number(answer.header("x-ratelimit-reset").value_or(""));
    if (reset_s) wait = *reset_s * second_ms - now_ms;
  }
  return std::clamp(wait, second_ms, 60 * minute_ms);
}

std::string in_words(const Answer& answer) {
  if (answer.lost && answer.detail == "unsent") return "not sent: no credential could be had";
  if (answer.lost && answer.detail == "budget") return "not sent: the call budget is used up";
  if (answer.lost) return concat("no answer (", answer.detail, ")");
  const std::string_view unsaid = answer.garbled ? " that does not say success" : "";
  return concat("HTTP ", to_text(answer.status), unsaid);
}

}  // namespace slipway
