// Walks over all that is stored: begun by an operator, done a page at a time, each page by an
// effect of its own, so that nothing is lost where one is cut off.
#pragma once

#include "app/run.hpp"

namespace slipway {

/// Drafts the beginning of a walk, unless it is under way already.
void start_walk(Run& run, UpkeepRow& walk, WalkStarted started);

/// The next site of a reconcile.
[[nodiscard]] Outcome reconcile_next(Run& run, UpkeepRow& walk);
/// The next page of moving documents from one store to the other.
[[nodiscard]] Outcome move_next(Run& run, UpkeepRow& walk);

}  // namespace slipway
