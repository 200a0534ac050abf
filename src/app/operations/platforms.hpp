// Operations on platforms.
#pragma once

#include "app/bodies.hpp"
#include "app/operations/query.hpp"
#include "app/views.hpp"

namespace slipway {

inline constexpr std::array platforms_operations = {
    OperationInfo{"platform_create",
                  "POST",
                  "/api/v1/platforms",
                  Scope::platforms_write,
                  "Create a platform: its projects, its configuration and its first deployments",
                  &schema_of<PlatformCreateBody>,
                  &schema_of<OperationView>,
                  202,
                  {},
                  &platform_create},
    OperationInfo{"platform_list",
                  "GET",
                  "/api/v1/platforms",
                  Scope::platforms_read,
                  "List platforms by id",
                  nullptr,
                  &schema_of<PlatformList>,
                  200,
                  {{query::limit, query::cursor}},
                  &platform_list},
    OperationInfo{"platform_read",
                  "GET",
                  "/api/v1/platforms/{platformId}",
                  Scope::platforms_read,
                  "Read a platform with its sites",
                  nullptr,
                  &schema_of<PlatformView>,
                  200,
                  {{query::wait}},
                  &platform_read},
};

}  // namespace slipway
