// Authorization: who a caller is, and whether they may do what an operation does.
#pragma once

#include <optional>

#include "app/operations.hpp"

namespace slipway {

/// Finds out who is calling and notes it in the run. Returns how the round ends where it must: with
/// a need, or with a refusal.
[[nodiscard]] std::optional<Outcome> authorize(Run& run, const OperationInfo& operation);

}  // namespace slipway
