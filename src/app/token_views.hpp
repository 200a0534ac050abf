// What users send and see of API tokens.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "domain/token.hpp"

namespace slipway {

struct TokenCreateBody {
  std::string name;
  std::vector<TokenScope> scopes;
  std::vector<std::string> platforms;
  std::optional<int64_t> expires_in_days;
};
template <>
struct describe<TokenCreateBody> {
  static constexpr std::string_view name = "TokenCreate";
  static constexpr std::string_view doc = "An API token to create.";
  static constexpr std::array fields = {
      field<&TokenCreateBody::name>("name", "its name for people, 1 to 120 bytes"),
      field<&TokenCreateBody::scopes>("scopes", "what it may do: each once, at least one"),
      field<&TokenCreateBody::platforms>(
          "platforms", "where: 1 to 100 platform ids, each once, or `*` alone for all"),
      field<&TokenCreateBody::expires_in_days>("expiresInDays", "1 to 3650; without it: for ever"),
  };
};

struct TokenView {
  std::string token_id;
  std::string name;
  std::vector<TokenScope> scopes;
  std::vector<std::string> platforms;
  std::string digest_end;
  std::string created_by;
  std::string created_at;
  std::optional<std::string> expires_at;
  std::optional<std::string> revoked_at;
  /// Never set here: the plaintext joins the reply after the core has written it.
  std::optional<std::string> token;
};
template <>
struct describe<TokenView> {
  static constexpr std::string_view name = "Token";
  static constexpr std::string_view doc = "An API token, without what it is.";
  static constexpr std::array fields = {
      field<&TokenView::token_id>("tokenId", "its id"),
      field<&TokenView::name>("name", "its name for people"),
      field<&TokenView::scopes>("scopes", "what it may do"),
      field<&TokenView::platforms>("platforms", "where: platform ids, or `*` alone"),
      field<&TokenView::digest_end>("digestEnd", "the last 8 hex digits of its SHA-256"),
      field<&TokenView::created_by>("createdBy", "who asked for it"),
      field<&TokenView::created_at>("createdAt", "RFC 3339, UTC"),
      field<&TokenView::expires_at>("expiresAt", "RFC 3339, UTC; absent: never"),
      field<&TokenView::revoked_at>("revokedAt", "RFC 3339, UTC; absent: not revoked"),
      field<&TokenView::token>("token", "the token itself: only in the reply that creates it"),
  };
};

struct TokenList {
  std::vector<TokenView> items;
  std::optional<std::string> next_cursor;
};
template <>
struct describe<TokenList> {
  static constexpr std::string_view name = "TokenList";
  static constexpr std::string_view doc = "API tokens, oldest first.";
  static constexpr std::array fields = {
      field<&TokenList::items>("items", "a page"),
      field<&TokenList::next_cursor>("nextCursor", "`cursor` of the next page, if any"),
  };
};

/// The view of a stored token.
[[nodiscard]] TokenView view_of(const TokenRow& token);

}  // namespace slipway
