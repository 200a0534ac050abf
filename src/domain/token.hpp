// API tokens and the tokens of builds: what they may do, where, and until when. The plaintext of a
// token is nowhere in the core; its SHA-256 digest stands for it.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "wire/describe.hpp"

namespace slipway {

/// What can be granted to a token. `admin` is everything, tokens and the audit trail included.
enum class TokenScope : uint8_t {
  platforms_read,
  platforms_write,
  deploy,
  config_read,
  publishing,
  admin,
};
template <>
struct describe<TokenScope> {
  static constexpr std::string_view name = "TokenScope";
  static constexpr std::array<std::string_view, 6> names = {
      "platforms:read", "platforms:write", "deploy", "config:read", "publishing", "admin"};
};

/// Stands in a list of platforms for all of them, now and later.
inline constexpr std::string_view all_platforms = "*";

struct TokenRow {
  int64_t seq = 0;
  std::string id;
  std::string name;
  std::string digest;
  std::vector<TokenScope> scopes;
  std::vector<std::string> platforms;
  std::string created_by;
  int64_t created_ms = 0;
  std::optional<int64_t> expires_ms;
  std::optional<int64_t> revoked_ms;
};
template <>
struct describe<TokenRow> {
  static constexpr std::string_view name = "TokenRow";
  static constexpr std::string_view doc = "An API token as it is stored.";
  static constexpr std::array fields = {
      field<&TokenRow::seq>("seq", "events so far"),
      field<&TokenRow::id>("id", "`tok_` and a ULID"),
      field<&TokenRow::name>("name", "its name for people"),
      field<&TokenRow::digest>("digest", "SHA-256 of the token, hex"),
      field<&TokenRow::scopes>("scopes", "what it may do"),
      field<&TokenRow::platforms>("platforms", "where: platform ids, or `*` alone"),
      field<&TokenRow::created_by>("created_by", "who asked for it"),
      field<&TokenRow::created_ms>("created_ms", "milliseconds since the epoch"),
      field<&TokenRow::expires_ms>("expires_ms", "from then on it is nobody's"),
      field<&TokenRow::revoked_ms>("revoked_ms", "since then it is nobody's"),
  };
};

struct TokenCreated {
  std::string id;
  std::string name;
  std::string digest;
  std::vector<TokenScope> scopes;
  std::vector<std::string> platforms;
  std::string author;
  std::optional<int64_t> expires_ms;
};
struct TokenRevoked {
  std::string author;
};
template <>
struct describe<TokenCreated> {
  static constexpr std::string_view name = "token_created";
  static constexpr std::string_view doc = "Whoever has the token may act with its scopes.";
  static constexpr std::array fields = {
      field<&TokenCreated::id>("id", "its id"),
      field<&TokenCreated::name>("name", "its name for people"),
      field<&TokenCreated::digest>("digest", "SHA-256 of the token, hex"),
      field<&TokenCreated::scopes>("scopes", "what it may do"),
      field<&TokenCreated::platforms>("platforms", "where: platform ids, or `*` alone"),
      field<&TokenCreated::author>("author", "who asked"),
      field<&TokenCreated::expires_ms>("expires_ms", "until when; absent: until it is revoked"),
  };
};
template <>
struct describe<TokenRevoked> {
  static constexpr std::string_view name = "token_revoked";
  static constexpr std::string_view doc = "The token is nobody's any more.";
  static constexpr std::array fields = {field<&TokenRevoked::author>("author", "who asked")};
};
using TokenEvent = std::variant<TokenCreated, TokenRevoked>;

/// Makes the event true on the row; `at_ms` is when it was recorded.
void apply(TokenRow& token, const TokenEvent& event, int64_t at_ms);

/// Whether the token is somebody's at that time: neither expired nor revoked.
[[nodiscard]] bool is_valid(const TokenRow& token, int64_t now_ms);

/// Whether the token may do what the scope names, wherever it may.
[[nodiscard]] bool grants(const TokenRow& token, std::string_view scope);

/// Whether the token may know of the platform.
[[nodiscard]] bool covers(const TokenRow& token, std::string_view platform_id);

/// Whether the token may know of every platform, now and later.
[[nodiscard]] bool covers_all(const TokenRow& token);

/// The token of one claim of a batch, stored under its digest; immutable. It counts while its run
/// holds the batch, so that nothing has to be revoked.
struct BuildTokenRow {
  std::string batch_id;
  std::string run_id;
  int64_t run_attempt = 0;
  int64_t created_ms = 0;
};
template <>
struct describe<BuildTokenRow> {
  static constexpr std::string_view name = "BuildTokenRow";
  static constexpr std::string_view doc = "The token of one claim of a batch; immutable.";
  static constexpr std::array fields = {
      field<&BuildTokenRow::batch_id>("batch_id", "the batch"),
      field<&BuildTokenRow::run_id>("run_id", "the run that claimed it"),
      field<&BuildTokenRow::run_attempt>("run_attempt", "its attempt"),
      field<&BuildTokenRow::created_ms>("created_ms", "milliseconds since the epoch"),
  };
};

}  // namespace slipway
