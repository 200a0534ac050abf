// Provisioning an org's site at Pages: its git-connected project, then its deploy hook. Every step
// looks before it makes anything, writes down what it is about to make, and makes it once.
#pragma once

#include <optional>

#include "app/run.hpp"
#include "domain/org.hpp"
#include "upstream/pages_publishing.hpp"

namespace slipway {

/// Goes as far as it can now. Ends the round where something must be read or sent; otherwise the
/// row says how it stands: `ready` or `blocked`; or still on its way, with another look promised.
/// Call it while the org is `creating` or `connecting`.
[[nodiscard]] std::optional<Outcome> provision(Run& run, OrgRow& org, const pages::Account& at,
                                               const pages::GitProject& wish);

/// What to say of the org's project, which Pages does not know any more. The org has none then, and
/// no hook of its own: it can be provisioned again.
[[nodiscard]] Failure lose_project(Run& run, OrgRow& org);

/// Lets Pages forget the hook before the stored one, where it can, and forgets it here. Nothing is
/// returned where that takes longer: another look is promised, and whatever else is due goes on.
[[nodiscard]] std::optional<Outcome> retire_hook(Run& run, OrgRow& org, const pages::Account& at);

}  // namespace slipway
