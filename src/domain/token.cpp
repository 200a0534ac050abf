#include "domain/token.hpp"

#include <algorithm>

namespace slipway {

void apply(TokenRow& token, const TokenEvent& event, int64_t at_ms) {
  ++token.seq;
  if (const auto* created = std::get_if<TokenCreated>(&event)) {
    token.id = created->id;
    token.name = created->name;
    token.digest = created->digest;
    token.scopes = created->scopes;
    token.platforms = created->platforms;
    token.created_by = created->author;
    token.created_ms = at_ms;
    token.expires_ms = created->expires_ms;
  } else {
    token.revoked_ms = at_ms;
  }
}

bool is_valid(const TokenRow& token, int64_t now_ms) {
  return !token.revoked_ms && (!token.expires_ms || now_ms < *token.expires_ms);
}

bool grants(const TokenRow& token, std::string_view scope) {
  return std::any_of(token.scopes.begin(), token.scopes.end(), [&](TokenScope one) {
    return one == TokenScope::admin || name_of(one) == scope;
  });
}

bool covers(const TokenRow& token, std::string_view platform_id) {
  return covers_all(token) || std::find(token.platforms.begin(), token.platforms.end(),
                                        platform_id) != token.platforms.end();
}

bool covers_all(const TokenRow& token) {
  return token.platforms.size() == 1 && token.platforms[0] == all_platforms;
}

}  // namespace slipway
