// A Cloudflare account that holds sites: how many fit, how many a day, and whether it takes any.
// Its row is the lock of its places: a site has a place from before its project is made until the
// project is gone, and two runs never give away the same one.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <variant>

#include "domain/failure.hpp"
#include "domain/states.hpp"
#include "wire/describe.hpp"

namespace slipway {

/// An account's id at Cloudflare.
struct CloudflareId {
  std::string text;
  bool operator==(const CloudflareId&) const = default;
};

[[nodiscard]] bool is_cloudflare_id(std::string_view text);

template <>
struct describe<CloudflareId> {
  static constexpr std::string_view name = "CloudflareId";
  static constexpr std::string_view rule = "32 lower-case hex digits";
  static constexpr std::string_view pattern = "^[0-9a-f]{32}$";
  static constexpr auto accepts = &is_cloudflare_id;
};

/// Whose budget accounts spend of which nobody has said anything: one user's, which is the least
/// that they can have together.
inline constexpr std::string_view shared_rate_owner = "shared";

struct AccountRow {
  int64_t seq = 0;
  std::string name;
  std::string cloudflare_id;
  int64_t capacity = 0;
  std::optional<int64_t> daily_creations;
  AccountState state{};
  std::optional<Failure> reason;
  int64_t sites = 0;
  int64_t paced_ms = 0;
  int64_t registered_ms = 0;
  std::string rate_owner = std::string(shared_rate_owner);
};
template <>
struct describe<AccountRow> {
  static constexpr std::string_view name = "AccountRow";
  static constexpr std::string_view doc = "A Cloudflare account that holds sites.";
  static constexpr std::array fields = {
      field<&AccountRow::seq>("seq", "events so far"),
      field<&AccountRow::name>("name", "its name here; the credential is `cloudflare:<name>`"),
      field<&AccountRow::cloudflare_id>("cloudflare_id", "its id at Cloudflare"),
      field<&AccountRow::capacity>("capacity", "Pages projects that fit"),
      field<&AccountRow::daily_creations>("daily_creations", "projects a day; absent: the default"),
      field<&AccountRow::state>("state", "whether it takes sites"),
      field<&AccountRow::reason>("reason", "why it takes none"),
      field<&AccountRow::sites>("sites", "places taken"),
      field<&AccountRow::paced_ms>("paced_ms", "when its pace has caught up with its turns"),
      field<&AccountRow::registered_ms>("registered_ms", "milliseconds since the epoch"),
      field<&AccountRow::rate_owner>("rate_owner", "the user whose call budget it spends"),
  };
};

struct AccountRegistered {
  std::string name;
  std::string cloudflare_id;
  int64_t capacity = 0;
  std::optional<int64_t> daily_creations;
  std::optional<std::string> rate_owner = std::nullopt;
};
struct AccountChanged {
  std::string cloudflare_id;
  int64_t capacity = 0;
  std::optional<int64_t> daily_creations;
  std::optional<std::string> rate_owner = std::nullopt;
};
struct AccountFilled {
  Failure failure;
};
struct AccountClosed {
  Failure failure;
};
struct AccountOpened {
  std::string author;
};
struct AccountRemoved {
  std::string author;
};
struct PlaceTaken {
  std::string site;
  int64_t paced_ms = 0;
};
struct PlaceFreed {
  std::string site;
  int64_t paced_ms = 0;
};
struct PlacesCounted {
  int64_t sites = 0;
};
template <>
struct describe<AccountRegistered> {
  static constexpr std::string_view name = "account_registered";
  static constexpr std::string_view doc = "Sites may be created in this account.";
  static constexpr std::array fields = {
      field<&AccountRegistered::name>("name", "its name here"),
      field<&AccountRegistered::cloudflare_id>("cloudflare_id", "its id at Cloudflare"),
      field<&AccountRegistered::capacity>("capacity", "Pages projects that fit"),
      field<&AccountRegistered::daily_creations>("daily_creations",
                                                 "projects a day; absent: the default"),
      field<&AccountRegistered::rate_owner>("rate_owner", "absent: shared with the others"),
  };
};
template <>
struct describe<AccountChanged> {
  static constexpr std::string_view name = "account_changed";
  static constexpr std::string_view doc = "It has another id, size or pace.";
  static constexpr std::array fields = {
      field<&AccountChanged::cloudflare_id>("cloudflare_id", "its id at Cloudflare"),
      field<&AccountChanged::capacity>("capacity", "Pages projects that fit"),
      field<&AccountChanged::daily_creations>("daily_creations",
                                              "projects a day; absent: the default"),
      field<&AccountChanged::rate_owner>("rate_owner", "absent: as it was"),
  };
};
template <>
struct describe<AccountFilled> {
  static constexpr std::string_view name = "account_filled";
  static constexpr std::string_view doc = "Cloudflare refused one more project in it.";
  static constexpr std::array fields = {field<&AccountFilled::failure>("failure", "its words")};
};
template <>
struct describe<AccountClosed> {
  static constexpr std::string_view name = "account_closed";
  static constexpr std::string_view doc = "No site is placed in it any more.";
  static constexpr std::array fields = {field<&AccountClosed::failure>("failure", "why")};
};
template <>
struct describe<AccountOpened> {
  static constexpr std::string_view name = "account_opened";
  static constexpr std::string_view doc = "Sites may be placed in it again.";
  static constexpr std::array fields = {field<&AccountOpened::author>("author", "who asked")};
};
template <>
struct describe<AccountRemoved> {
  static constexpr std::string_view name = "account_removed";
  static constexpr std::string_view doc = "It is no account of this instance any more.";
  static constexpr std::array fields = {field<&AccountRemoved::author>("author", "who asked")};
};
template <>
struct describe<PlaceTaken> {
  static constexpr std::string_view name = "place_taken";
  static constexpr std::string_view doc = "A site has a place in it.";
  static constexpr std::array fields = {
      field<&PlaceTaken::site>("site", "the site"),
      field<&PlaceTaken::paced_ms>("paced_ms", "when its pace has caught up with its turns"),
  };
};
template <>
struct describe<PlaceFreed> {
  static constexpr std::string_view name = "place_freed";
  static constexpr std::string_view doc = "A site has left it, or its project is gone.";
  static constexpr std::array fields = {
      field<&PlaceFreed::site>("site", "the site"),
      field<&PlaceFreed::paced_ms>("paced_ms", "when its pace has caught up with its turns"),
  };
};
template <>
struct describe<PlacesCounted> {
  static constexpr std::string_view name = "places_counted";
  static constexpr std::string_view doc = "The sites in it were counted, when places came to be.";
  static constexpr std::array fields = {field<&PlacesCounted::sites>("sites", "how many")};
};
using AccountEvent =
    std::variant<AccountRegistered, AccountChanged, AccountFilled, AccountClosed, AccountOpened,
                 AccountRemoved, PlaceTaken, PlaceFreed, PlacesCounted>;

/// Whether the table of transitions.hpp has an edge for this event from the account's state.
[[nodiscard]] bool allows(const AccountRow& account, const AccountEvent& event);

/// Makes the event true on the row; `at_ms` is when it was recorded. The event must be allowed.
void apply(AccountRow& account, const AccountEvent& event, int64_t at_ms);

/// Whether the account is one of this instance.
[[nodiscard]] bool is_registered(const AccountRow& account);

/// Places that a new site may take now; none where the account takes no site.
[[nodiscard]] int64_t free_places(const AccountRow& account);

/// Projects that the account makes in a day that begins at `at_ms`: its own number, else the
/// default, which is lower while the account is young.
[[nodiscard]] int64_t daily_creations(const AccountRow& account, int64_t at_ms);

/// A site's turn in an account.
struct Turn {
  int64_t begins_ms = 0;  ///< its project may be made from then on
  int64_t paced_ms = 0;   ///< the account's, once the turn is given away
};

/// The next turn, from `now_ms` on: a quarter of a day's number at once, the rest spread over the
/// day, so that no 24 hours have more than the number.
[[nodiscard]] Turn next_turn(const AccountRow& account, int64_t now_ms);

/// The account's `paced_ms` once a turn that was to begin at `begins_ms` is given back unused.
[[nodiscard]] int64_t paced_without(const AccountRow& account, int64_t begins_ms);

/// A name of an account: lower-case words joined by single dashes, 1 to 40 characters.
[[nodiscard]] bool is_account_name(std::string_view text);

}  // namespace slipway
