// A Cloudflare account that holds sites.
#pragma once

#include <array>
#include <string>
#include <variant>

#include "wire/describe.hpp"

namespace slipway {

struct AccountRow {
  int64_t seq = 0;
  std::string name;
  std::string cloudflare_id;
  int64_t capacity = 0;
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
  };
};

struct AccountRegistered {
  std::string name;
  std::string cloudflare_id;
  int64_t capacity = 0;
};
template <>
struct describe<AccountRegistered> {
  static constexpr std::string_view name = "account_registered";
  static constexpr std::string_view doc = "Sites may be created in this account.";
  static constexpr std::array fields = {
      field<&AccountRegistered::name>("name", "its name here"),
      field<&AccountRegistered::cloudflare_id>("cloudflare_id", "its id at Cloudflare"),
      field<&AccountRegistered::capacity>("capacity", "Pages projects that fit"),
  };
};
using AccountEvent = std::variant<AccountRegistered>;

/// Makes the event true on the row; `at_ms` is when it was recorded.
void apply(AccountRow& account, const AccountEvent& event, int64_t at_ms);

}  // namespace slipway
