#include "domain/account.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "domain/transitions.hpp"

using namespace slipway;

namespace {

constexpr int64_t start_ms = 1'795'000'000'000;

AccountRow registered(std::optional<int64_t> daily = std::nullopt) {
  AccountRow account;
  apply(account, AccountRegistered{"main", "id", 1000, daily}, start_ms);
  return account;
}

/// The turns of so many sites, given away at `now_ms`.
std::vector<int64_t> turns(AccountRow& account, int64_t now_ms, int count) {
  std::vector<int64_t> out;
  for (int i = 0; i < count; ++i) {
    const Turn turn = next_turn(account, now_ms);
    apply(account, PlaceTaken{"acme/dev", turn.paced_ms}, now_ms);
    out.push_back(turn.begins_ms);
  }
  return out;
}

int64_t most_in_a_day(const std::vector<int64_t>& times) {
  int64_t most = 0;
  for (const int64_t from : times) {
    const auto in_day = std::count_if(times.begin(), times.end(), [&](int64_t at) {
      return at >= from && at < from + limits::day_ms;
    });
    most = std::max<int64_t>(most, in_day);
  }
  return most;
}

}  // namespace

TEST_CASE("a quarter of a day's number at once, the rest over the day, never more in 24 hours") {
  for (const int64_t daily : {1, 2, 3, 4, 7, 40, 100, 1000}) {
    CAPTURE(daily);
    AccountRow account = registered(daily);
    const auto times = turns(account, start_ms, static_cast<int>(daily * 3 + 1));
    CHECK(std::is_sorted(times.begin(), times.end()));
    CHECK(std::count(times.begin(), times.end(), start_ms) == std::max<int64_t>(daily / 4, 1));
    CHECK(most_in_a_day(times) == daily);
    CHECK(times.back() <= start_ms + 4 * limits::day_ms);
  }
}

TEST_CASE("a young account is slower, unless a person gave it a number") {
  AccountRow account = registered();
  CHECK(daily_creations(account, start_ms) == 40);
  CHECK(daily_creations(account, start_ms + limits::account_young_ms) == 100);
  CHECK(daily_creations(registered(7), start_ms) == 7);
  const auto times = turns(account, start_ms, 200);
  const auto young = std::count_if(times.begin(), times.end(), [](int64_t at) {
    return at < start_ms + limits::account_young_ms;
  });
  CHECK(young == 71);
  CHECK(most_in_a_day(times) <= 100);
}

TEST_CASE("turns that nobody took are not saved up beyond a quarter of the number") {
  AccountRow account = registered(40);
  (void)turns(account, start_ms, 1);
  const int64_t later_ms = start_ms + 10 * limits::day_ms;
  const auto times = turns(account, later_ms, 20);
  CHECK(std::count(times.begin(), times.end(), later_ms) == 10);
}

TEST_CASE("turns that wait count as many at a new pace, a faster and a slower one") {
  const auto ahead_at = [](int64_t daily) {
    AccountRow account = registered(4);
    (void)turns(account, start_ms, 5);
    apply(account, AccountChanged{"id", 1000, daily, std::nullopt}, start_ms);
    return account.paced_ms - start_ms;
  };
  const int64_t before_ms = ahead_at(4);
  CHECK(before_ms > 0);
  CHECK(ahead_at(8) * 10 < before_ms * 7);
  CHECK(ahead_at(2) * 10 > before_ms * 14);
}

TEST_CASE("a turn that is given back is given away again") {
  AccountRow account = registered(4);
  const auto times = turns(account, start_ms, 3);
  const int64_t paced_ms = paced_without(account, times[2]);
  apply(account, PlaceFreed{"acme/dev", paced_ms}, start_ms);
  CHECK(account.sites == 2);
  CHECK(next_turn(account, start_ms).begins_ms == times[2]);
}

TEST_CASE("an account takes an event exactly where the table has an edge") {
  const std::vector<AccountEvent> events = {AccountRegistered{}, AccountChanged{}, AccountFilled{},
                                            AccountClosed{},     AccountOpened{},  AccountRemoved{},
                                            PlaceTaken{},        PlaceFreed{},     PlacesCounted{}};
  for (size_t i = 0; i < describe<AccountState>::names.size(); ++i) {
    for (const AccountEvent& event : events) {
      AccountRow account;
      account.state = static_cast<AccountState>(i);
      const auto name = schema_of<AccountEvent>().alternatives[event.index()].name;
      const auto to = next_state(account_edges, account.state, name);
      CAPTURE(name);
      CHECK(allows(account, event) == to.has_value());
      if (!to) continue;
      apply(account, event, start_ms);
      CHECK(account.state == *to);
      CHECK(account.seq == 1);
    }
  }
}

TEST_CASE("room is what is left of an open account's capacity") {
  AccountRow account = registered();
  account.capacity = 2;
  CHECK(free_places(account) == 2);
  account.sites = 3;
  CHECK(free_places(account) == 0);
  account.sites = 1;
  apply(account, AccountFilled{}, start_ms);
  CHECK(free_places(account) == 0);
  CHECK(is_registered(account));
  apply(account, AccountRemoved{}, start_ms);
  CHECK_FALSE(is_registered(account));
}

TEST_CASE("names and ids of accounts") {
  for (const char* good : {"main", "eu-2", "a"}) CHECK(is_account_name(good));
  for (const char* bad : {"", "Main", "a--b", "-a", "a_b"}) CHECK_FALSE(is_account_name(bad));
  CHECK_FALSE(is_account_name(std::string(41, 'a')));
  CHECK(is_cloudflare_id("0123456789abcdef0123456789abcdef"));
  CHECK_FALSE(is_cloudflare_id("0123456789ABCDEF0123456789abcdef"));
}
