// Planning a deployment: part of looking at a site, and of a claim by hand.
#pragma once

#include "app/run.hpp"

namespace slipway {

/// Drafts a deployment of what the site wishes, and the batch that builds it.
/// `wants_deployment(site)` must hold. The site is settled: its batch moves it on. Returns the
/// batch.
BatchRow plan_deployment(Run& run, SiteRow& site, Origin origin);

/// Plans a deployment where the site wants one; looks again where an uploaded one is to be
/// verified; else nothing is to be done until something happens.
void plan_or_settle(Run& run, SiteRow& site);

}  // namespace slipway
