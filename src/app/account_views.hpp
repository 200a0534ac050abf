// What administrators send and see of Cloudflare accounts.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "domain/account.hpp"

namespace slipway {

/// What a person may make of an account.
enum class AccountWish : uint8_t { open, closed };
template <>
struct describe<AccountWish> {
  static constexpr std::string_view name = "AccountWish";
  static constexpr std::array<std::string_view, 2> names = {"open", "closed"};
};

struct AccountPutBody {
  CloudflareId cloudflare_id;
  std::optional<int64_t> capacity;
  std::optional<int64_t> daily_creations;
  std::optional<AccountWish> state;
  std::optional<std::string> rate_owner;
};
template <>
struct describe<AccountPutBody> {
  static constexpr std::string_view name = "AccountPut";
  static constexpr std::string_view doc =
      "A Cloudflare account to register, or what is to change of it. What is left out stays; of a "
      "new account it is the default.";
  static constexpr std::array fields = {
      field<&AccountPutBody::cloudflare_id>("cloudflareId", "its id at Cloudflare"),
      field<&AccountPutBody::capacity>("capacity",
                                       "Pages projects that fit, 1 to 10000; default 100"),
      field<&AccountPutBody::daily_creations>(
          "dailyCreations",
          "projects it makes a day, 1 to 10000; default 100, and 40 on the first "
          "two days"),
      field<&AccountPutBody::state>("state", "whether sites may be placed in it"),
      field<&AccountPutBody::rate_owner>(
          "rateOwner",
          "the user whose 1200 calls in 5 minutes it spends, a name like an account's; accounts of "
          "one name share them; default `shared`"),
  };
};

struct AccountView {
  std::string name;
  std::string cloudflare_id;
  AccountState state{};
  std::optional<Failure> reason;
  bool credential = false;
  int64_t capacity = 0;
  int64_t sites = 0;
  int64_t daily_creations = 0;
  std::optional<std::string> next_creation_at;
  std::string registered_at;
  std::string rate_owner;
};
template <>
struct describe<AccountView> {
  static constexpr std::string_view name = "Account";
  static constexpr std::string_view doc = "A Cloudflare account that holds sites.";
  static constexpr std::array fields = {
      field<&AccountView::name>("name", "its name here"),
      field<&AccountView::cloudflare_id>("cloudflareId", "its id at Cloudflare"),
      field<&AccountView::state>("state", "whether it takes sites"),
      field<&AccountView::reason>("reason", "why it takes none"),
      field<&AccountView::credential>("credential", "its token is set on this instance"),
      field<&AccountView::capacity>("capacity", "Pages projects that fit"),
      field<&AccountView::sites>("sites", "places taken: projects made or to be made"),
      field<&AccountView::daily_creations>("dailyCreations", "projects it makes a day, now"),
      field<&AccountView::next_creation_at>(
          "nextCreationAt",
          "when a new site's project could be made: RFC 3339, UTC; absent: it "
          "takes none"),
      field<&AccountView::registered_at>("registeredAt", "RFC 3339, UTC"),
      field<&AccountView::rate_owner>("rateOwner", "the user whose call budget it spends"),
  };
};

struct AccountList {
  std::vector<AccountView> items;
};
template <>
struct describe<AccountList> {
  static constexpr std::string_view name = "AccountList";
  static constexpr std::string_view doc = "All accounts, by name: at most 50.";
  static constexpr std::array fields = {
      field<&AccountList::items>("items", "all of them"),
  };
};

}  // namespace slipway
