#include "app/retention.hpp"

#include "app/operation_view.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

std::vector<OldRow> older(Run& run, std::string_view query, Scalar than) {
  return run.query<OldRow>(query, {std::move(than), number(limits::prune_rows_max)});
}

}  // namespace

OldRows find_old_rows(Run& run) {
  constexpr int64_t batches_max = 50;
  const int64_t now_ms = run.now_ms();
  const std::string floor = ulid_time(now_ms - limits::operation_kept_ms);
  OldRows old;
  old.replies = older(run, "kept_replies_before", number(now_ms - limits::kept_reply_ms));
  old.build_tokens = older(run, "build_tokens_before", number(now_ms - limits::build_token_ms));
  old.operations = older(run, "operations_before", concat("op_", floor));
  old.batches = run.query<BatchRow>("batches_before", {concat("bat_", floor), number(batches_max)});
  return old;
}

void forget_old_rows(Run& run, const OldRows& old) {
  Draft& draft = run.draft();
  draft.forget(kept_reply_table, old.replies);
  draft.forget("build_token", old.build_tokens);
  draft.forget("operation", old.operations);
  std::vector<OldRow> batches;
  for (const BatchRow& batch : old.batches) {
    if (batch.state != BatchState::closed) continue;
    draft.cut_journal(aggregate_of(batch), batch.seq, "");
    batches.push_back({batch.id});
  }
  draft.forget("batch", batches);
}

std::string prune_key(std::string_view site_or_platform) {
  return concat("prune:", site_or_platform);
}

void prune_after(Run& run, const SiteRow& site) {
  if (site.seq < limits::deployments_kept * limits::deployment_events_min) return;
  run.draft().resend({prune_key(site_id(site.platform_id, site.environment)), site.seq,
                      run.now_ms() + limits::prune_pause_ms, std::nullopt});
}

void prune_after(Run& run, const PlatformRow& platform) {
  if (platform.config_version <= limits::config_versions_kept) return;
  run.draft().resend({prune_key(platform.platform_id), platform.seq,
                      run.now_ms() + limits::prune_pause_ms, std::nullopt});
}

}  // namespace slipway
