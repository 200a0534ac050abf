// The journal of sites as people read it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/run.hpp"
#include "app/views.hpp"

namespace slipway {

/// Adds the site's events from `first_seq` on, at most 200; with a deployment, only the events
/// about it. Asks for the journal: check `run.incomplete()` afterwards.
void append_timeline(Run& run, std::vector<TimelineEntry>& out, std::string_view site,
                     int64_t first_seq, std::string_view deployment_id = {});

/// Orders entries of several sites by time; at the same time by site, then by their number.
void sort_timeline(std::vector<TimelineEntry>& entries);

}  // namespace slipway
