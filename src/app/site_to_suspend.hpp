// Suspending one site: part of suspending a platform, and of adding an environment to one that is.
#pragma once

#include <string>

#include "app/run.hpp"

namespace slipway {

/// Drafts that the site is not deployed until it is resumed. What is under way goes on to its end.
/// False where the site is on its way out or suspended already: then nothing is drafted.
inline bool suspend_site(Run& run, SiteRow& site, const std::string& reason) {
  const SiteSuspended suspended{reason};
  if (!allows(site, suspended)) return false;
  run.draft().record(site, suspended);
  if (!site.active) run.draft().settle(site);
  return true;
}

}  // namespace slipway
