// Verifying an upload: Pages' stages first, then the served bytes. Part of looking at a site.
#pragma once

#include "app/run.hpp"

namespace slipway {

/// Follows the uploaded deployment until its site serves what was built, or its time is over.
[[nodiscard]] Outcome verify_deployment(Run& run, SiteRow& site, const pages::Account& account);

}  // namespace slipway
