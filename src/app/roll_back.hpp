// Going back at Pages to the deployment that a site is pinned to.
#pragma once

#include "app/run.hpp"

namespace slipway {

/// The next step of that: `is_rolling_back(site)` must hold. It ends with the served bytes being
/// those of the pinned deployment, or with its version being built again.
[[nodiscard]] Outcome roll_back(Run& run, SiteRow& site, const pages::Account& account);

}  // namespace slipway
