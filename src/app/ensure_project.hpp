// Making sure that a site's Pages project exists and is ours: part of looking at a site.
#pragma once

#include "app/run.hpp"

namespace slipway {

/// Looks for the project; creates it where it is absent; blocks the site where neither can be.
[[nodiscard]] Outcome ensure_project(Run& run, SiteRow& site, const pages::Account& account);

}  // namespace slipway
