// What taking a site down would do: the dry run of deleting a platform or removing an environment.
#pragma once

#include "app/platform_bodies.hpp"
#include "app/run.hpp"

namespace slipway {

/// The steps with their counts, as Cloudflare says they are now; a note where they are not known or
/// where the project is not ours. Asks for facts: check `run.incomplete()` afterwards.
[[nodiscard]] SiteChangeView removal_plan(Run& run, const SiteRow& site);

}  // namespace slipway
