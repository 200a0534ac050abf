// Operations on tokens and the audit trail.
#pragma once

#include "app/audit_views.hpp"
#include "app/operations/query.hpp"
#include "app/token_views.hpp"

namespace slipway {

namespace query {
inline constexpr QueryParam aggregate = {"aggregate", "only of this one, such as `site:acme/dev`",
                                         &schema_of<std::string>, 1, limits::aggregate_bytes_max};
inline constexpr QueryParam order = {
    "order", "newest (first) or oldest (first); without it: newest", &schema_of<AuditOrder>, 0, 0};
}  // namespace query

inline constexpr std::array access_operations = {
    OperationInfo{"token_create",
                  "POST",
                  "/api/v1/tokens",
                  Scope::admin,
                  "Create an API token; its plaintext is in this reply and nowhere else",
                  &schema_of<TokenCreateBody>,
                  &schema_of<TokenView>,
                  201,
                  {},
                  &token_create,
                  "slp_"},
    OperationInfo{"token_list",
                  "GET",
                  "/api/v1/tokens",
                  Scope::admin,
                  "List API tokens, the revoked ones too, oldest first",
                  nullptr,
                  &schema_of<TokenList>,
                  200,
                  {{query::limit, query::cursor}},
                  &token_list},
    OperationInfo{"token_revoke",
                  "DELETE",
                  "/api/v1/tokens/{tokenId}",
                  Scope::admin,
                  "Revoke an API token, at once and for ever",
                  nullptr,
                  nullptr,
                  204,
                  {},
                  &token_revoke},
    OperationInfo{"audit_list",
                  "GET",
                  "/api/v1/audit",
                  Scope::admin,
                  "List what became true, when, and who asked for it",
                  nullptr,
                  &schema_of<AuditList>,
                  200,
                  {{query::limit, query::cursor, query::aggregate, query::order}},
                  &audit_list},
};

}  // namespace slipway
