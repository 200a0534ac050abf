// Operations of the builder, and GitHub's word about its runs.
#pragma once

#include "app/bodies.hpp"
#include "app/operations/query.hpp"
#include "app/views.hpp"

namespace slipway {

inline constexpr std::array builder_operations = {
    OperationInfo{"batch_claim",
                  "POST",
                  "/api/v1/claims",
                  Scope::builder,
                  "A run takes its batch",
                  &schema_of<ClaimBody>,
                  &schema_of<ClaimView>,
                  200,
                  {},
                  &batch_claim,
                  "slb_"},
    OperationInfo{"batch_turn",
                  "POST",
                  "/api/v1/batches/{batchId}/turns",
                  Scope::report,
                  "A run asks whether it may upload a deployment now",
                  &schema_of<TurnBody>,
                  &schema_of<TurnView>,
                  200,
                  {},
                  &batch_turn},
    OperationInfo{"batch_report",
                  "POST",
                  "/api/v1/batches/{batchId}/reports",
                  Scope::report,
                  "A run says what became of its batch",
                  &schema_of<ReportBody>,
                  &schema_of<ReportView>,
                  200,
                  {},
                  &batch_report},
    OperationInfo{"github_webhook",
                  "POST",
                  "/webhooks/github",
                  Scope::webhook,
                  "GitHub tells of a run; signed with the webhook's secret",
                  &schema_of<Map<Raw>>,
                  nullptr,
                  204,
                  {},
                  &github_webhook},
};

}  // namespace slipway
