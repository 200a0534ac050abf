// Following a builder run until every deployment of its batch has a result: part of looking at a
// batch.
#pragma once

#include <vector>

#include "app/members.hpp"
#include "app/run.hpp"

namespace slipway {

/// Reads the run at GitHub. Reports make this faster and are not needed: when a run has ended, a
/// deployment without a report is looked for at Pages before it is called failed.
[[nodiscard]] Outcome follow_run(Run& run, BatchRow& batch, std::vector<Member>& members);

}  // namespace slipway
