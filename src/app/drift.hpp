// The cron's sample of sites whose served bytes are looked at.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/run.hpp"

namespace slipway {

/// The effect that looks at what a site serves.
[[nodiscard]] std::string drift_key(std::string_view site_id);

/// The next sites of the walk.
struct DriftSample {
  std::vector<SiteRow> sites;
  int64_t size = 0;  ///< how many were wanted; 0: nobody asked for samples
};

/// As many as the variable `DRIFT_SAMPLE` says. Asks for them: check `run.incomplete()`.
[[nodiscard]] DriftSample find_drift_sample(Run& run);

/// Promises a look at each of them that serves something, and moves the walk on.
void promise_looks(Run& run, const DriftSample& sample);

}  // namespace slipway
