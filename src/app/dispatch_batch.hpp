// Starting the builder for a batch: part of looking at a batch.
#pragma once

#include <vector>

#include "app/members.hpp"
#include "app/run.hpp"

namespace slipway {

/// Wakes a runner, as the variable BUILDER_WAKE says: by the one POST of a fresh key to GitHub,
/// after writing the key down; by the deploy hook of a Workers Builds project; or not at all
/// (`none`), because runners come by themselves. `members` are those that are not uploaded.
[[nodiscard]] Outcome dispatch_batch(Run& run, BatchRow& batch, std::vector<Member>& members);

/// Looks for the run of a dispatch whose answer is not known, by the key in its title. A key
/// without a run is given up after 15 minutes; its late run will find the claim fenced.
[[nodiscard]] Outcome search_run(Run& run, BatchRow& batch, std::vector<Member>& members);

}  // namespace slipway
