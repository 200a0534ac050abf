// What an answer means for the one who asked: done, refused, later, or nobody knows.
#pragma once

#include <string>

#include "upstream/http.hpp"

namespace slipway {

/// The outcome of an act or an upstream read.
enum class Verdict : uint8_t {
  ok,           ///< it took effect, the body holds what was asked for
  rejected,     ///< it took no effect, and will not by being repeated
  retry_after,  ///< it took no effect; ask again later
  unknown,      ///< it may have taken effect: look before acting again
};

/// The facts that decide.
struct AnswerFacts {
  bool lost;                 ///< timeout or cut connection
  int64_t status;            ///< HTTP status, 0 where lost
  bool says_when_to_retry;   ///< a Retry-After header
  bool budget_is_exhausted;  ///< x-ratelimit-remaining: 0
};

/// The rule. A refusal by a rate limit comes as 429, or from GitHub as 403 with a reason to wait;
/// an answer of 5xx or 408 says nothing about the effect.
[[nodiscard]] constexpr Verdict judge(const AnswerFacts& facts) {
  if (facts.lost || facts.status >= 500 || facts.status == 408) return Verdict::unknown;
  if (facts.status >= 200 && facts.status < 300) return Verdict::ok;
  if (facts.status == 429) return Verdict::retry_after;
  if (facts.status == 403 && (facts.says_when_to_retry || facts.budget_is_exhausted)) {
    return Verdict::retry_after;
  }
  return Verdict::rejected;
}

static_assert(judge({true, 0, false, false}) == Verdict::unknown);
static_assert(judge({false, 200, false, false}) == Verdict::ok);
static_assert(judge({false, 204, false, true}) == Verdict::ok);
static_assert(judge({false, 302, false, false}) == Verdict::rejected);
static_assert(judge({false, 400, true, false}) == Verdict::rejected);
static_assert(judge({false, 403, false, false}) == Verdict::rejected);
static_assert(judge({false, 403, true, false}) == Verdict::retry_after);
static_assert(judge({false, 403, false, true}) == Verdict::retry_after);
static_assert(judge({false, 404, false, false}) == Verdict::rejected);
static_assert(judge({false, 408, false, false}) == Verdict::unknown);
static_assert(judge({false, 429, false, false}) == Verdict::retry_after);
static_assert(judge({false, 500, false, false}) == Verdict::unknown);
static_assert(judge({false, 503, true, false}) == Verdict::unknown);

/// The verdict on an answer.
[[nodiscard]] Verdict classify(const Answer& answer);

/// How long to wait before asking again, in milliseconds: what the answer says, between 1 second
/// and 1 hour; a minute where it says nothing.
[[nodiscard]] int64_t wait_ms(const Answer& answer, int64_t now_ms);

/// The answer in words for a log or a timeline: status or the kind of loss, never its body.
[[nodiscard]] std::string in_words(const Answer& answer);

}  // namespace slipway
