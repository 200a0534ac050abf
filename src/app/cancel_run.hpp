// Telling GitHub to stop a run whose batch was cancelled.
#pragma once

#include "app/run.hpp"

namespace slipway {

/// A look at a closed batch: where a person cancelled its last open deployment and its run is
/// known, GitHub is told to stop it. Nothing depends on that: the run's claim and reports are
/// refused since.
[[nodiscard]] Outcome cancel_run(Run& run, BatchRow& batch);

}  // namespace slipway
