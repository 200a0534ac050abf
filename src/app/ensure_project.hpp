// Making sure that a site's Pages project exists and is ours: part of looking at a site.
#pragma once

#include "app/run.hpp"

namespace slipway {

/// Looks for the project in the site's account; creates it where it is absent; takes it over where
/// a person said so. A refusal that concerns the account keeps other sites out of it, and moves
/// this one on while no project of it can exist there. What only a person can mend blocks the site.
[[nodiscard]] Outcome ensure_project(Run& run, SiteRow& site, AccountRow& account);

}  // namespace slipway
