// `Idempotency-Key`: a POST that is sent again with its key is answered from memory.
#pragma once

#include <optional>

#include "app/operations.hpp"

namespace slipway {

/// Looks for the reply of an equal request, of the same caller, with the same key. Returns how the
/// round ends where there is one, or the key is refused, or it is not known yet; otherwise the
/// reply of this run is kept. Refusals are not: they changed nothing, and may be asked again.
[[nodiscard]] std::optional<Outcome> recall(Run& run, const OperationInfo& operation);

}  // namespace slipway
