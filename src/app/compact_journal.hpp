// Compacting journals: old events of an aggregate give way to one snapshot of what they led to.
#pragma once

#include <string>
#include <vector>

#include "app/run.hpp"

namespace slipway {

/// An old journal and what takes the place of its beginning.
struct CompactedJournal {
  std::string aggregate;
  int64_t seq = 0;       ///< the event that becomes the snapshot
  std::string snapshot;  ///< in JSON
};

/// What one sweep compacts.
struct Compaction {
  std::vector<CompactedJournal> journals;
  int64_t after_id = 0;  ///< rows of the journal up to here were looked at
  bool moved = false;    ///< `after_id` is another than the stored one
};

/// Asks for what there is to compact, a bounded part: check `run.incomplete()` afterwards.
[[nodiscard]] Compaction find_compaction(Run& run);

/// Drafts it.
void compact(Run& run, const Compaction& compaction);

}  // namespace slipway
