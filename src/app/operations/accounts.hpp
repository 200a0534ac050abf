// Operations on Cloudflare accounts.
#pragma once

#include "app/account_views.hpp"
#include "app/operations/query.hpp"

namespace slipway {

inline constexpr std::array accounts_operations = {
    OperationInfo{"account_list",
                  "GET",
                  "/api/v1/accounts",
                  Scope::admin,
                  "List the Cloudflare accounts with their room and pace",
                  nullptr,
                  &schema_of<AccountList>,
                  200,
                  {},
                  &account_list},
    OperationInfo{"account_put",
                  "PUT",
                  "/api/v1/accounts/{name}",
                  Scope::admin,
                  "Register a Cloudflare account, or change it; sites without room go on",
                  &schema_of<AccountPutBody>,
                  &schema_of<AccountView>,
                  200,
                  {{query::dry_run}},
                  &account_put},
    OperationInfo{"account_remove",
                  "DELETE",
                  "/api/v1/accounts/{name}",
                  Scope::admin,
                  "Remove an account that holds no site",
                  nullptr,
                  nullptr,
                  204,
                  {},
                  &account_remove},
};

}  // namespace slipway
