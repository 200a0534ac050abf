// Beginning to take a site down: part of deleting a platform and of removing an environment.
#pragma once

#include <optional>
#include <string>

#include "app/run.hpp"

namespace slipway {

/// The batch that has to be closed when the site's active deployment is let go: nothing where there
/// is none, or where other sites of it are still built. Asks for rows: check `run.incomplete()`.
[[nodiscard]] std::optional<BatchRow> batch_to_close(Run& run, const SiteRow& site);

/// Drafts that the site is to go: its active deployment is let go, `batch` (from `batch_to_close`)
/// is closed, and the site is looked at as soon as no creation of its project can be on its way any
/// more. The site must not be deleted.
void take_down(Run& run, SiteRow& site, std::optional<BatchRow> batch, const std::string& reason);

}  // namespace slipway
