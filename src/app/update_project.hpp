// Bringing a git-connected project up to date with its org: its name, its id and the instance's
// variables. The next build uses them.
#pragma once

#include <optional>

#include "app/run.hpp"
#include "domain/org.hpp"
#include "upstream/pages_publishing.hpp"

namespace slipway {

/// Sets the project's variables. Nothing is returned where that takes longer: another look is
/// promised, and whatever else is due goes on. Call it while `outdated` is set.
[[nodiscard]] std::optional<Outcome> update_project(Run& run, OrgRow& org, const pages::Account& at,
                                                    const pages::GitProject& wish);

}  // namespace slipway
