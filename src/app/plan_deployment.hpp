// Planning: wishes of sites become deployments, and these a batch that builds them.
#pragma once

#include <vector>

#include "app/run.hpp"

namespace slipway {

/// Whether the configuration that each site wishes for is raw TypeScript: such a site shares its
/// job with no other. Asks: check `run.incomplete()` afterwards.
[[nodiscard]] std::vector<bool> are_raw(Run& run, const std::vector<SiteRow>& sites);

/// Plans a deployment of each site's wish, all in one batch. The sites are of one account,
/// environment and commit of the shell, and each wants a deployment. They are settled: their batch
/// moves them on. Sites for which a run has no job are taken out of `sites`. Returns the batch.
BatchRow plan_batch(Run& run, std::vector<SiteRow>& sites, const std::vector<bool>& raw,
                    Origin origin);

/// What comes next for a site that has a project: a look, where it has a wish to be built or an
/// upload to be verified, else nothing.
void plan_or_settle(Run& run, SiteRow& site);

}  // namespace slipway
