// Operations about the Worker itself.
#pragma once

#include "app/operations/query.hpp"
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
};

}  // namespace slipway
