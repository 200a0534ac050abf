// The sites of a batch, loaded together.
#pragma once

#include <vector>

#include "app/run.hpp"

namespace slipway {

/// A deployment of the batch that is still its site's active one.
struct Member {
  SiteRow site;

  [[nodiscard]] const Deployment& deployment() const { return *site.active; }
};

/// The members whose deployments are under way; one that ended or gave way is left out. Asks for
/// the sites: check `run.incomplete()` afterwards.
[[nodiscard]] std::vector<Member> active_members(Run& run, const BatchRow& batch);

}  // namespace slipway
