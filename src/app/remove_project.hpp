// Removing a site's Pages project: part of looking at a site that is to go.
#pragma once

#include "app/run.hpp"

namespace slipway {

/// Looks at the project and does the next of: custom domains, deployments where there are too many,
/// the project itself; at most `limits::removals_per_look` deletions of one kind. What is gone
/// already counts as done; the account's place is given back. A project without our marker is left
/// as it is. A refusal lets the site
/// rest, with a next step, until the removal is asked for again.
[[nodiscard]] Outcome remove_project(Run& run, SiteRow& site, AccountRow& account);

/// The same for a site that never had a place in an account.
[[nodiscard]] Outcome remove_unplaced(Run& run, SiteRow& site);

}  // namespace slipway
