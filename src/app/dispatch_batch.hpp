// Starting the builder for a batch: part of looking at a batch.
#pragma once

#include <vector>

#include "app/members.hpp"
#include "app/run.hpp"

namespace slipway {

/// Sends the one POST of a fresh key, after writing the key down.
[[nodiscard]] Outcome dispatch_batch(Run& run, BatchRow& batch, std::vector<Member>& members);

/// Looks for the run of a dispatch whose answer is not known, by the key in its title. A key
/// without a run is given up after 15 minutes; its late run will find the claim fenced.
[[nodiscard]] Outcome search_run(Run& run, BatchRow& batch, std::vector<Member>& members);

}  // namespace slipway
