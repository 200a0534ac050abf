// The cron tick: effects whose message was lost are sent again. Only overdue ones cost anything.
#include "app/effects.hpp"
#include "app/operation_view.hpp"
#include "app/operations.hpp"

namespace slipway {

Outcome sweep(Run& run) {
  const auto overdue = run.query<EffectRow>(
      "effects_due",
      {number(run.now_ms() - limits::sweep_grace_ms), number(limits::sweep_items_max)});
  if (run.incomplete()) return run.need();
  for (const EffectRow& effect : overdue) {
    run.draft().resend({effect.key, effect.seq, run.now_ms()});
  }
  return run.done();
}

}  // namespace slipway
