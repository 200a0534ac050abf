// Operations on the Pages project of a site.
#pragma once

#include "app/operations/query.hpp"
#include "app/project_bodies.hpp"
#include "app/views.hpp"

namespace slipway {

inline constexpr std::array projects_operations = {
    OperationInfo{"adopt",
                  "POST",
                  "/api/v1/platforms/{platformId}/environments/{environment}/adopt",
                  Scope::platforms_write,
                  "Take over an existing direct-upload project that has the site's name",
                  &schema_of<AdoptBody>,
                  &schema_of<OperationView>,
                  202,
                  {},
                  &adopt},
};

}  // namespace slipway
