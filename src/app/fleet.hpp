// Whether the fleet is frozen, for whoever plans or dispatches.
#pragma once

#include <optional>

#include "app/run.hpp"
#include "domain/fleet.hpp"

namespace slipway {

/// Why no deployment may begin; nothing where it may. Asks for the row: check `run.incomplete()`
/// afterwards.
[[nodiscard]] std::optional<Frozen> frozen(Run& run);

/// Where the fleet is frozen: promises another look, in a minute, at what would begin now. It is
/// how a site or a batch that waits finds out that it may go on. `frozen` must have been asked.
[[nodiscard]] bool held(Run& run, const SiteRow& site);
[[nodiscard]] bool held(Run& run, const BatchRow& batch);
[[nodiscard]] bool held(Run& run, const OrgRow& org);

/// Why no build of the site may be begun by hand; nothing where it may.
[[nodiscard]] std::optional<Error> build_fault(const std::optional<Frozen>& frost,
                                               const SiteRow& site);

}  // namespace slipway
