// Operations on deployments, and on what an API call started.
#pragma once

#include "app/bodies.hpp"
#include "app/operations/query.hpp"
#include "app/views.hpp"

namespace slipway {

inline constexpr std::array deployments_operations = {
    OperationInfo{"site_deployments",
                  "GET",
                  "/api/v1/platforms/{platformId}/environments/{environment}/deployments",
                  Scope::platforms_read,
                  "List a site's deployments, newest first",
                  nullptr,
                  &schema_of<DeploymentList>,
                  200,
                  {{query::limit, query::cursor}},
                  &site_deployments},
    OperationInfo{"deployment_request",
                  "POST",
                  "/api/v1/platforms/{platformId}/environments/{environment}/deployments",
                  Scope::deploy,
                  "Deploy again by hand; also the way out of a block",
                  &schema_of<DeploymentRequestBody>,
                  &schema_of<OperationView>,
                  202,
                  {},
                  &deployment_request},
    OperationInfo{"deployment_read",
                  "GET",
                  "/api/v1/deployments/{deploymentId}",
                  Scope::platforms_read,
                  "Read a deployment with its timeline",
                  nullptr,
                  &schema_of<DeploymentView>,
                  200,
                  {{query::wait}},
                  &deployment_read},
    OperationInfo{"operation_read",
                  "GET",
                  "/api/v1/operations/{operationId}",
                  Scope::platforms_read,
                  "Follow what an API call started",
                  nullptr,
                  &schema_of<OperationView>,
                  200,
                  {{query::wait}},
                  &operation_read},
};

}  // namespace slipway
