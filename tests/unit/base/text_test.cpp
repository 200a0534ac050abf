#include "base/text.hpp"

#include <doctest/doctest.h>

using namespace slipway;

TEST_CASE("dates: the epoch, leap days, centuries, milliseconds") {
  CHECK(to_rfc3339(0) == "1970-01-01T00:00:00.000Z");
  CHECK(to_rfc3339(951'782'400'000) == "2000-02-29T00:00:00.000Z");
  CHECK(to_rfc3339(951'868'800'000 - 1) == "2000-02-29T23:59:59.999Z");
  CHECK(to_rfc3339(951'868'800'000) == "2000-03-01T00:00:00.000Z");
  CHECK(to_rfc3339(1'709'164'800'000) == "2024-02-29T00:00:00.000Z");
  CHECK(to_rfc3339(1'709'251'200'000) == "2024-03-01T00:00:00.000Z");
  CHECK(to_rfc3339(1'677'628'799'000) == "2023-02-28T23:59:59.000Z");
  CHECK(to_rfc3339(1'677'628'800'000) == "2023-03-01T00:00:00.000Z");
  CHECK(to_rfc3339(4'107'542'400'000 - 1) == "2100-02-28T23:59:59.999Z");
  CHECK(to_rfc3339(4'107'542'400'000) == "2100-03-01T00:00:00.000Z");
  CHECK(to_rfc3339(1'767'225'599'005) == "2025-12-31T23:59:59.005Z");
  CHECK(to_rfc3339_seconds(1'767'225'599'999) == "2025-12-31T23:59:59Z");
}

TEST_CASE("kebab names") {
  for (const char* good : {"a", "9", "acme", "a-b", "acme-2-x", "0-0"}) {
    CAPTURE(good);
    CHECK(is_kebab(good));
  }
  for (const char* bad : {"", "-", "a-", "-a", "a--b", "A", "a_b", "a b", "a.b", "\xC3\xA9"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_kebab(bad));
  }
}

TEST_CASE("numbers: digits only, exact in every reader") {
  CHECK(to_number("0") == 0);
  CHECK(to_number("0042") == 42);
  CHECK(to_number("9007199254740991") == 9'007'199'254'740'991);
  for (const char* bad :
       {"", "9007199254740992", "12345678901234567", "-1", "+1", "1.0", " 1", "1 ", "0x1", "1e3"}) {
    CAPTURE(bad);
    CHECK_FALSE(to_number(bad).has_value());
  }
  CHECK(to_text(-42) == "-42");
}

TEST_CASE("hex") {
  CHECK(is_hex("00ff", 4));
  CHECK_FALSE(is_hex("00ff", 3));
  CHECK_FALSE(is_hex("00fF", 4));
  CHECK_FALSE(is_hex("00fg", 4));
}

TEST_CASE("URL components: only unreserved bytes stay") {
  CHECK(url_component("azAZ09-._~") == "azAZ09-._~");
  CHECK(url_component(">=2026-01-01T00:00:00Z") == "%3E%3D2026-01-01T00%3A00%3A00Z");
  CHECK(url_component("a/b?c#d%e f&g+h") == "a%2Fb%3Fc%23d%25e%20f%26g%2Bh");
  CHECK(url_component("\xC3\xA9\n") == "%C3%A9%0A");
}

TEST_CASE("URL components: none of them climbs") {
  CHECK(url_component(".") == "%252E");
  CHECK(url_component("..") == "%252E%252E");
  CHECK(url_component("...") == "...");
  CHECK(url_component(".a") == ".a");
  CHECK(url_component("%2e%2e") == "%252e%252e");
}

TEST_CASE("head and tail cut between UTF-8 characters") {
  const std::string_view text = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z";  // 1+2+3+4+1 bytes
  const size_t sizes_of_tail[] = {0, 1, 1, 1, 1, 5, 5, 5, 8, 8, 10, 11, 11};
  const size_t sizes_of_head[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};
  for (size_t max = 0; max < std::size(sizes_of_tail); ++max) {
    CAPTURE(max);
    CHECK(tail(text, max) == text.substr(text.size() - sizes_of_tail[max]));
    CHECK(head(text, max) == text.substr(0, sizes_of_head[max]));
  }
}
