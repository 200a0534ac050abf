// Operations about the Worker itself.
#pragma once

#include "app/operations/query.hpp"
#include "app/status_views.hpp"
#include "app/views.hpp"

namespace slipway {

inline constexpr std::array system_operations = {
    OperationInfo{"healthz",
                  "GET",
                  "/healthz",
                  Scope::open,
                  "Whether the Worker answers",
                  nullptr,
                  &schema_of<HealthView>,
                  200,
                  {},
                  &healthz},
    OperationInfo{"readyz",
                  "GET",
                  "/readyz",
                  Scope::open,
                  "Whether the instance can do its work; 503 where it cannot",
                  nullptr,
                  &schema_of<ReadyView>,
                  200,
                  {},
                  &readyz},
};

}  // namespace slipway
