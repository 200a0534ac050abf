// The row from which a site is planned: a new one, or the one that an earlier life left.
#pragma once

#include <string>
#include <vector>

#include "domain/site.hpp"

namespace slipway {

/// The site of that environment among `former`, which must be deleted; else a new row.
[[nodiscard]] inline SiteRow former_or_new(const std::vector<SiteRow>& former,
                                           const std::string& platform_id,
                                           Environment environment) {
  for (const SiteRow& site : former) {
    if (site.environment == environment) return site;
  }
  SiteRow site;
  site.platform_id = platform_id;
  site.environment = environment;
  return site;
}

}  // namespace slipway
