#include "domain/account.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "domain/transitions.hpp"

namespace slipway {
namespace {

/// What a number a day means: so many at once, the others so far apart.
struct Pace {
  int64_t at_once = 1;
  int64_t apart_ms = 0;
};

Pace pace_at(const AccountRow& account, int64_t at_ms) {
  const int64_t number =
      std::clamp<int64_t>(daily_creations(account, at_ms), 1, limits::integer_max);
  const int64_t at_once = std::max<int64_t>(number / 4, 1);
  const int64_t gaps = number - at_once + 1;
  return {at_once, (limits::day_ms + gaps - 1) / gaps};
}

Turn turn_with(const AccountRow& account, const Pace& pace, int64_t from_ms) {
  const int64_t begins_ms =
      std::max(from_ms, account.paced_ms - (pace.at_once - 1) * pace.apart_ms);
  return {begins_ms, std::max(account.paced_ms, begins_ms) + pace.apart_ms};
}

std::string_view event_name(const AccountEvent& event) {
  return std::visit([](const auto& e) { return describe<std::decay_t<decltype(e)>>::name; }, event);
}

/// One overload for each event.
struct Apply {
  AccountRow& account;
  int64_t at_ms;

  void operator()(const AccountRegistered& e) const {
    account.name = e.name;
    account.cloudflare_id = e.cloudflare_id;
    account.capacity = e.capacity;
    account.daily_creations = e.daily_creations;
    account.rate_owner = e.rate_owner.value_or(std::string(shared_rate_owner));
    account.reason.reset();
    account.registered_ms = at_ms;
  }
  void operator()(const AccountChanged& e) const {
    account.cloudflare_id = e.cloudflare_id;
    account.capacity = e.capacity;
    // Turns that were given away count as many turns at the new pace.
    const int64_t before_ms = pace_at(account, at_ms).apart_ms;
    account.daily_creations = e.daily_creations;
    if (e.rate_owner) account.rate_owner = *e.rate_owner;
    const int64_t ahead_ms = account.paced_ms - at_ms;
    if (ahead_ms <= 0) return;
    account.paced_ms = at_ms + ahead_ms / before_ms * pace_at(account, at_ms).apart_ms;
  }
  void operator()(const AccountFilled& e) const { account.reason = e.failure; }
  void operator()(const AccountClosed& e) const { account.reason = e.failure; }
  void operator()(const AccountOpened&) const { account.reason.reset(); }
  void operator()(const AccountRemoved&) const { account.reason.reset(); }
  void operator()(const PlaceTaken& e) const {
    ++account.sites;
    account.paced_ms = e.paced_ms;
  }
  void operator()(const PlaceFreed& e) const {
    --account.sites;
    account.paced_ms = e.paced_ms;
  }
  void operator()(const PlacesCounted& e) const { account.sites = e.sites; }
};

}  // namespace

bool allows(const AccountRow& account, const AccountEvent& event) {
  return next_state(account_edges, account.state, event_name(event)).has_value();
}

void apply(AccountRow& account, const AccountEvent& event, int64_t at_ms) {
  const auto to = next_state(account_edges, account.state, event_name(event));
  if (!to) __builtin_trap();
  std::visit(Apply{account, at_ms}, event);
  account.state = *to;
  ++account.seq;
}

bool is_registered(const AccountRow& account) {
  return account.state != AccountState::absent && account.state != AccountState::removed;
}

int64_t free_places(const AccountRow& account) {
  if (account.state != AccountState::open) return 0;
  return std::max<int64_t>(account.capacity - account.sites, 0);
}

int64_t daily_creations(const AccountRow& account, int64_t at_ms) {
  if (account.daily_creations) return *account.daily_creations;
  const bool young = at_ms < account.registered_ms + limits::account_young_ms;
  return young ? limits::account_young_daily_creations : limits::account_daily_creations;
}

Turn next_turn(const AccountRow& account, int64_t now_ms) {
  const Turn turn = turn_with(account, pace_at(account, now_ms), now_ms);
  const int64_t grown_ms = account.registered_ms + limits::account_young_ms;
  const bool grows_before = now_ms < grown_ms && grown_ms <= turn.begins_ms;
  return grows_before ? turn_with(account, pace_at(account, grown_ms), grown_ms) : turn;
}

int64_t paced_without(const AccountRow& account, int64_t begins_ms) {
  return account.paced_ms - pace_at(account, begins_ms).apart_ms;
}

bool is_account_name(std::string_view text) {
  return text.size() <= limits::account_name_chars_max && is_kebab(text);
}

bool is_cloudflare_id(std::string_view text) { return is_hex(text, 32); }

}  // namespace slipway
