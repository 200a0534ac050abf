#include "base/ulid.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace slipway;

namespace {
constexpr int64_t now_ms = 1'795'279'428'404;
}

TEST_CASE("a ULID holds the time, then the entropy") {
  IdSource ids("00000000000000000000000000000000", 0);
  CHECK(ids.next() == "00000000000000000000000000");
  CHECK(ids.next() == "00000000000000000000000001");
  // 2^48 - 1 ms; of the 128 random bits the lower 80 are used, and counting carries over.
  IdSource last("0000000000000000ffffffffffffffff", 281'474'976'710'655);
  CHECK(last.next() == "7ZZZZZZZZZ000FZZZZZZZZZZZZ");
  CHECK(last.next() == "7ZZZZZZZZZ000G000000000000");
}

TEST_CASE("the same entropy gives the same identifiers in the same order") {
  IdSource one("0123456789abcdef0123456789abcdef", now_ms);
  IdSource two("0123456789abcdef0123456789abcdef", now_ms);
  std::set<std::string> seen;
  std::string before;
  for (int i = 0; i < 1'000; ++i) {
    const std::string id = one.next();
    CHECK(id == two.next());
    CHECK(is_ulid(id));
    CHECK(before < id);
    CHECK(seen.insert(id).second);
    before = id;
  }
}

TEST_CASE("identifiers sort by time, whatever the entropy") {
  IdSource early("ffffffffffffffffffffffffffffffff", now_ms);
  IdSource late("00000000000000000000000000000000", now_ms + 1);
  CHECK(early.next() < late.next());
}

TEST_CASE("the form of a ULID") {
  CHECK(is_ulid("7ZZZZZZZZZZZZZZZZZZZZZZZZZ"));
  for (const char* bad :
       {"", "0", "8ZZZZZZZZZZZZZZZZZZZZZZZZZ", "0000000000000000000000000",
        "01kakx3g2m0000000000000000", "0000000000000000000000000I", "0000000000000000000000000L",
        "0000000000000000000000000O", "0000000000000000000000000U", "0000000000000000000000000-",
        "000000000000000000000000000"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_ulid(bad));
  }
}
