// Following a builder run until every deployment of its batch has a result: part of looking at a
// batch.
#pragma once

#include <vector>

#include "app/members.hpp"
#include "app/run.hpp"

namespace slipway {

/// What GitHub says of a run, as an event of its batch.
[[nodiscard]] BatchRunSeen seen(const github::Run& at_github);

/// Moves on what the builder has not reported. GitHub is asked only when there is news of the run:
/// one list of all runs a minute brings it (`watch_runs`), a webhook earlier. When a run has ended,
/// a deployment without a report is looked for at Pages before it is called failed. `members` are
/// those that are not uploaded.
[[nodiscard]] Outcome follow_run(Run& run, BatchRow& batch, std::vector<Member>& members);

}  // namespace slipway
