// Migrations that wait because a person holds their sites' builds: part of resuming a platform and
// its builds.
#pragma once

#include <vector>

#include "app/run.hpp"
#include "domain/migration.hpp"

namespace slipway {

/// Whether a person has to let the site be built again before the migration goes on.
[[nodiscard]] bool is_held(const MigrationRow& migration);

/// Those of these sites' migrations that are held. Asks: check `run.incomplete()` afterwards.
[[nodiscard]] std::vector<MigrationRow> held_migrations(Run& run,
                                                        const std::vector<SiteRow>& sites);

/// Drafts that the migration goes on; what holds its site still is found out by its next look.
void go_on(Run& run, MigrationRow& migration);

}  // namespace slipway
