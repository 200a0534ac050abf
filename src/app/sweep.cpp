// The cron tick: effects whose message was lost are sent again, and rows whose time is over are
// deleted, a bounded number at a time. Only what is overdue costs anything.
#include "app/effects.hpp"
#include "app/operation_view.hpp"
#include "app/operations.hpp"

namespace slipway {
namespace {

std::vector<OldRow> old_rows(Run& run, std::string_view query, int64_t age_ms) {
  return run.query<OldRow>(query, {number(run.now_ms() - age_ms), number(limits::prune_rows_max)});
}

}  // namespace

Outcome sweep(Run& run) {
  const auto overdue = run.query<EffectRow>(
      "effects_due",
      {number(run.now_ms() - limits::sweep_grace_ms), number(limits::sweep_items_max)});
  const auto replies = old_rows(run, "kept_replies_before", limits::kept_reply_ms);
  const auto tokens = old_rows(run, "build_tokens_before", limits::build_token_ms);
  if (run.incomplete()) return run.need();
  for (const EffectRow& effect : overdue) {
    run.draft().resend({effect.key, effect.seq, run.now_ms()});
  }
  run.draft().forget(kept_reply_table, replies);
  run.draft().forget("build_token", tokens);
  return run.done();
}

}  // namespace slipway
