#include "upstream/classify.hpp"

#include <doctest/doctest.h>

using namespace slipway;

namespace {

constexpr int64_t now_ms = 1'795'279'428'404;

Answer answer(int64_t status, std::vector<std::pair<std::string, std::string>> headers = {}) {
  Answer out;
  out.status = status;
  out.headers.members = std::move(headers);
  return out;
}

}  // namespace

TEST_CASE("verdicts by status") {
  for (const int64_t status : {200, 201, 204, 299}) CHECK(classify(answer(status)) == Verdict::ok);
  for (const int64_t status : {301, 302, 304, 400, 401, 403, 404, 409, 410, 422}) {
    CHECK(classify(answer(status)) == Verdict::rejected);
  }
  for (const int64_t status : {408, 500, 502, 503, 504, 520, 524, 599}) {
    CHECK(classify(answer(status)) == Verdict::unknown);
  }
  CHECK(classify(answer(429)) == Verdict::retry_after);
  Answer none = answer(0);
  none.lost = true;
  CHECK(classify(none) == Verdict::unknown);
}

TEST_CASE("what was not sent took no effect, and may be sent later") {
  Answer none = answer(0);
  none.lost = true;
  none.detail = "unsent";
  CHECK(classify(none) == Verdict::retry_after);
  CHECK(wait_ms(none, now_ms) == 60'000);
  CHECK(in_words(none) == "not sent: no credential could be had");
}

TEST_CASE("a 403 with a reason to wait is a rate limit; with budget left it is a refusal") {
  CHECK(classify(answer(403, {{"retry-after", "60"}})) == Verdict::retry_after);
  CHECK(classify(answer(403, {{"x-ratelimit-remaining", "0"}})) == Verdict::retry_after);
  CHECK(classify(answer(403, {{"x-ratelimit-remaining", "12"}})) == Verdict::rejected);
  CHECK(classify(answer(404, {{"x-ratelimit-remaining", "0"}})) == Verdict::rejected);
  CHECK(classify(answer(200, {{"x-ratelimit-remaining", "0"}})) == Verdict::ok);
}

TEST_CASE("how long to wait: what the answer says, within bounds") {
  CHECK(wait_ms(answer(429, {{"retry-after", "7"}}), now_ms) == 7'000);
  CHECK(wait_ms(answer(429, {{"retry-after", "0"}}), now_ms) == 1'000);
  CHECK(wait_ms(answer(429, {{"retry-after", "86400"}}), now_ms) == 3'600'000);
  CHECK(wait_ms(answer(429, {{"retry-after", "9007199254740991"}}), now_ms) == 3'600'000);
  CHECK(wait_ms(answer(429, {{"retry-after", "Wed, 21 Oct 2026 07:28:00 GMT"}}), now_ms) == 60'000);
  CHECK(wait_ms(answer(429), now_ms) == 60'000);
  CHECK(wait_ms(answer(403, {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1795279500"}}),
                now_ms) == 71'596);
  CHECK(wait_ms(answer(403, {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "17952794"}}),
                now_ms) == 1'000);
  CHECK(wait_ms(answer(403, {{"x-ratelimit-remaining", "0"}}), now_ms) == 60'000);
  CHECK(wait_ms(answer(403, {{"x-ratelimit-remaining", "3"}, {"x-ratelimit-reset", "1795279500"}}),
                now_ms) == 60'000);
}

TEST_CASE("in words, without the body") {
  CHECK(in_words(answer(502)) == "HTTP 502");
  Answer none = answer(0);
  none.lost = true;
  none.detail = "timeout";
  CHECK(in_words(none) == "no answer (timeout)");
}
