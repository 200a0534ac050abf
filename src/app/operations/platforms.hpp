// Operations on platforms.
#pragma once

#include "app/bodies.hpp"
#include "app/operations/query.hpp"
#include "app/platform_bodies.hpp"
#include "app/views.hpp"

namespace slipway {

namespace query {
inline constexpr QueryParam environment = {"environment", "only with a site of this environment",
                                           &schema_of<Environment>, 0, 0};
inline constexpr QueryParam state = {"state",
                                     "only with a site in this state; with `environment`: of it",
                                     &schema_of<SiteState>, 0, 0};
inline constexpr QueryParam prefix = {"prefix", "only with an id that begins like this",
                                      &schema_of<std::string>, 1, limits::platform_id_chars_max};
}  // namespace query

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
                  {{query::limit, query::cursor, query::environment, query::state, query::prefix}},
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
    OperationInfo{"platform_patch",
                  "PATCH",
                  "/api/v1/platforms/{platformId}",
                  Scope::platforms_write,
                  "Change the name; add environments, or take some down",
                  &schema_of<PlatformPatchBody>,
                  &schema_of<PlatformChangeView>,
                  202,
                  {{query::dry_run}},
                  &platform_patch},
    OperationInfo{"platform_suspend",
                  "POST",
                  "/api/v1/platforms/{platformId}/suspend",
                  Scope::platforms_write,
                  "Stop deploying; what is served stays served, what is under way ends",
                  &schema_of<LifecycleBody>,
                  &schema_of<PlatformChangeView>,
                  202,
                  {},
                  &platform_suspend},
    OperationInfo{"platform_resume",
                  "POST",
                  "/api/v1/platforms/{platformId}/resume",
                  Scope::platforms_write,
                  "Deploy again, beginning with what was wished in the meantime",
                  &schema_of<LifecycleBody>,
                  &schema_of<PlatformChangeView>,
                  202,
                  {},
                  &platform_resume},
    OperationInfo{"platform_delete",
                  "DELETE",
                  "/api/v1/platforms/{platformId}",
                  Scope::platforms_write,
                  "Take every site down, then remove the configuration and the platform",
                  nullptr,
                  &schema_of<PlatformChangeView>,
                  202,
                  {{query::dry_run}},
                  &platform_delete},
};

}  // namespace slipway
