// Looking at a batch: it is dispatched, its run is found again when the answer was lost, and
// followed until every deployment has its result. The protocol: docs/builder-protocol.md.
#include "app/cancel_run.hpp"
#include "app/dispatch_batch.hpp"
#include "app/effects.hpp"
#include "app/fleet.hpp"
#include "app/follow_run.hpp"
#include "app/operations.hpp"
#include "base/text.hpp"

namespace slipway {

Outcome look_at_batch(Run& run, std::string_view id) {
  const bool due = is_due(run, concat("batch:", id));
  auto batch = run.row<BatchRow>("batch", id);
  (void)frozen(run);
  if (run.incomplete()) return run.need();
  if (due && !batch) settle_unknown(run, concat("batch:", id));
  if (!due || !batch) return run.done();
  auto members = unbuilt_members(run, *batch);
  if (run.incomplete()) return run.need();

  switch (batch->state) {
    case BatchState::planned:
      if (held(run, *batch)) return run.done();
      return dispatch_batch(run, *batch, members);
    case BatchState::dispatching:
    case BatchState::unknown:
      return search_run(run, *batch, members);
    case BatchState::dispatched:
    case BatchState::claimed:
      return follow_run(run, *batch, members);
    case BatchState::closed:
      return cancel_run(run, *batch);
    case BatchState::absent:
      run.draft().settle(*batch);
      return run.done();
  }
  stop_on_damage();
}

}  // namespace slipway
