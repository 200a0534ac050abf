// Bounds that the product promises or an upstream imposes. Units are in the names.
#pragma once

#include <cstddef>
#include <cstdint>

namespace slipway::limits {

/// Largest request body of the public API.
inline constexpr int64_t body_bytes_max = 1024 * 1024;
/// Most validation issues reported for one document.
inline constexpr size_t issues_max = 100;
/// Names of one document for which a known one is suggested, and the longest that is compared.
inline constexpr size_t suggestions_max = 20;
inline constexpr size_t suggested_bytes_max = 64;
/// Integers of JSON documents stay exact in every reader: |n| <= 2^53 - 1.
inline constexpr int64_t integer_max = 9'007'199'254'740'991;

/// `{platformId}-prod-portal` must fit a Pages project name.
inline constexpr size_t platform_id_chars_min = 3;
inline constexpr size_t platform_id_chars_max = 46;
/// Cloudflare Pages, error 8000003.
inline constexpr size_t project_name_chars_max = 58;
inline constexpr size_t platform_name_chars_max = 120;

/// Orgs: `<slug>-ark` fills a project name.
inline constexpr size_t org_slug_chars_max = 54;
inline constexpr size_t org_id_chars_max = 64;
inline constexpr size_t org_name_bytes_max = 120;
inline constexpr size_t org_members_max = 500;
inline constexpr size_t user_id_chars_max = 128;
/// Hooks of an org that may still exist at Pages although nothing uses them: the last ones.
inline constexpr size_t orphaned_hooks_kept = 20;
/// Attempts at making an org's deploy hook, and at starting one build.
inline constexpr int64_t hook_attempts_max = 5;
inline constexpr int64_t start_attempts_max = 3;
/// A build that was started and is not listed after this long was not started.
inline constexpr int64_t start_search_ms = 60 * 1000;
/// How long a finished build may stand behind another one before it counts as superseded.
inline constexpr int64_t superseded_after_ms = 60 * 1000;
/// How long a site's first page may differ from its build's own before it counts as made anew.
inline constexpr int64_t page_differs_ms = 30 * 1000;
/// Publications of an org that are kept, and how many more are forgotten at once.
inline constexpr int64_t publications_kept = 50;
inline constexpr int64_t publications_pruned_max = 50;
inline constexpr size_t build_setting_bytes_max = 500;
inline constexpr size_t site_variables_max = 50;
inline constexpr size_t variable_value_bytes_max = 5'000;

/// Pages projects that an account holds, until Cloudflare raises it (Pages limits: 100, soft).
inline constexpr int64_t account_projects = 100;
inline constexpr int64_t account_projects_max = 10'000;
inline constexpr size_t accounts_max = 50;
inline constexpr size_t account_name_chars_max = 40;
/// Projects a day that an account makes without a number of its own. Cloudflare stops accounts that
/// make many in a short time, young ones first.
inline constexpr int64_t account_daily_creations = 100;
inline constexpr int64_t account_young_daily_creations = 40;
inline constexpr int64_t account_young_ms = 48LL * 60 * 60 * 1000;
inline constexpr int64_t account_daily_creations_max = 10'000;
/// Sites that one commit gives a place, takes from one, or wakes.
inline constexpr int64_t placements_max = 50;

/// Deployments of one batch, and of one shard: a job of its run. GitHub allows 256 jobs a run.
inline constexpr int64_t batch_members_max = 250;
inline constexpr int64_t shard_members_max = 30;
/// Jobs of one run: as many as the workflow lets run beside each other.
inline constexpr int64_t batch_shards_max = 10;
/// Deployments that are planned ahead: about three minutes of Cloudflare's budget.
inline constexpr int64_t planned_ahead = 120;
/// Batches at a time whose run has not begun, and jobs at a time (20 run at once on a free plan).
inline constexpr int64_t starting_batches_max = 4;
inline constexpr int64_t builder_jobs_max = 20;
/// A queue waits this long for more sites before the first of them is planned, and is looked at
/// again after the other times: while it cannot be served, and when it has more than one batch.
inline constexpr int64_t gather_ms = 2'000;
inline constexpr int64_t gather_most_ms = 60'000;
inline constexpr int64_t queue_pause_ms = 10'000;
/// A budget that was not spent for this long lies idle.
inline constexpr int64_t idle_budget_ms = 5'000;
/// A site that waits in a queue for longer than this although nobody will look at it: its queue is
/// promised a look.
inline constexpr int64_t queue_forgotten_ms = 10 * 60 * 1000;
/// Wishes become one build when none has come for this long, or when the first is this old.
inline constexpr int64_t build_debounce_s = 5;
inline constexpr int64_t build_wait_max_s = 60;
inline constexpr int64_t build_wait_s_limit = 3'600;
/// Batches that are looked over together, and batches of an account that a runner may choose from.
inline constexpr int64_t open_batches_max = 100;
/// A batch that is dispatched is looked at this often without being told anything. Its run is asked
/// for only when there is news of it.
inline constexpr int64_t batch_look_ms = 60'000;
/// A batch that waits for a runner that nobody can watch is offered again after this long.
inline constexpr int64_t wake_again_ms = 10 * 60 * 1000;
/// Projects of a run that ended whose uploads one look asks for.
inline constexpr size_t unreported_per_look = 15;
/// A builder that may not deploy yet asks again after at least, and at most, this long.
inline constexpr int64_t turn_wait_ms_min = 250;
inline constexpr int64_t turn_wait_ms_max = 60'000;
/// Only this long after an upload is Pages' API asked about it: the site itself is asked first.
inline constexpr int64_t api_verify_after_ms = 10'000;

/// Longest `?wait=` of a read.
inline constexpr int64_t wait_s_max = 60;
/// Longest stream of events; whoever follows connects again.
inline constexpr int64_t stream_ms_max = 5LL * 60 * 1000;
inline constexpr int64_t page_items_max = 100;
inline constexpr int64_t cursor_bytes_max = 100;
inline constexpr int64_t aggregate_bytes_max = 100;
inline constexpr size_t reports_per_call_max = 50;
inline constexpr size_t log_tail_bytes_max = 16 * 1024;

/// GitHub aborts its own requests after 10 s; waiting longer shows us its answer.
inline constexpr int64_t upstream_timeout_ms = 15'000;
inline constexpr int64_t upstream_answer_bytes_max = 1024 * 1024;
/// Of an upstream's own words, kept with a failure.
inline constexpr size_t upstream_words_bytes_max = 200;
/// A run that was dispatched without an answer is looked for this long before the key is given up.
inline constexpr int64_t dispatch_search_ms = 15 * 60 * 1000;
/// Runs are searched from this much before the dispatch, against differing clocks.
inline constexpr int64_t dispatch_clock_skew_ms = 120 * 1000;
/// The clocks of two of our isolates differ by at most this.
inline constexpr int64_t clock_skew_ms = 10 * 1000;
/// A failed or lost dispatch is tried anew with another key this often.
inline constexpr int64_t dispatch_attempts_max = 3;
/// While a request that was sent may still be answered, nobody looks at its aggregate.
inline constexpr int64_t act_lease_ms = upstream_timeout_ms + 5'000;
/// What was sent and not answered may still take effect within this time: only then is it certain
/// that what is not there will not appear.
inline constexpr int64_t late_effect_ms = 60'000;
/// Reasons that a site's row keeps for its next deployment; the journal keeps every one.
inline constexpr size_t reasons_max = 50;
/// Overdue effects are sent again after this: their message may just be on its way.
inline constexpr int64_t sweep_grace_ms = 10 * 1000;
inline constexpr int64_t sweep_items_max = 100;
/// Our own deadline of a deployment: GitHub can leave a run queued for weeks.
inline constexpr int64_t deployment_deadline_ms = 60 * 60 * 1000;
/// How long the served bytes may lag behind a deployment that Pages calls successful.
inline constexpr int64_t verification_deadline_ms = 5 * 60 * 1000;
/// Assets of one deployment whose served bytes are compared. They are all in memory at once,
/// several times over, and the core has 64 MiB.
inline constexpr size_t verified_files_max = 8;
inline constexpr int64_t verified_file_bytes_max = 1024 * 1024;
/// An API token: its name, the platforms that it may be limited to, the days until it expires.
inline constexpr size_t token_name_bytes_max = 120;
inline constexpr size_t token_platforms_max = 100;
inline constexpr int64_t token_days_max = 3650;
inline constexpr int64_t day_ms = 24 * 60 * 60 * 1000;
/// A request with an Idempotency-Key is answered from memory for at least this long.
inline constexpr int64_t kept_reply_ms = day_ms;
inline constexpr size_t idempotency_key_chars_max = 255;
/// Of one kept reply: a row of D1 holds 2 MB, and JSON in JSON grows.
inline constexpr size_t kept_reply_bytes_max = 256 * 1024;
/// No batch lasts as long as this, so that the tokens of its builds are dead.
inline constexpr int64_t build_token_ms = day_ms;
/// Old rows that one sweep deletes, of each kind.
inline constexpr int64_t prune_rows_max = 500;
/// A promise that is not kept is sent again each minute at first, then after twice the time each:
/// it is due since twice as long whenever it is sent.
inline constexpr int64_t resend_ms = 45 * 1000;
inline constexpr int64_t resend_steadily_ms = 10 * 60 * 1000;
inline constexpr int64_t resend_max_ms = 60 * 60 * 1000;
/// Dead letters that one sweep holds against the outbox, and that one request tries again.
inline constexpr int64_t dead_letters_max = 100;
inline constexpr size_t dead_letter_error_bytes_max = 500;
/// The instance is not ready when the cron was not seen, or a promise not kept, for this long.
inline constexpr int64_t ready_cron_ms = 5 * 60 * 1000;
inline constexpr int64_t ready_overdue_ms = 15 * 60 * 1000;
/// Rows that a figure of the status counts at most.
inline constexpr int64_t status_count_max = 1000;
/// Operations and closed batches are kept for this long.
inline constexpr int64_t operation_kept_ms = 90 * day_ms;
/// Deployments of a site, and configuration versions of a platform, that are always kept.
inline constexpr int64_t deployments_kept = 50;
inline constexpr int64_t deployment_kept_ms = 30 * day_ms;
inline constexpr int64_t config_versions_kept = 100;
/// Every deployment has at least this many events on its site.
inline constexpr int64_t deployment_events_min = 3;
/// Pages deployments that one look deletes, and the pause until the next look.
inline constexpr int64_t pages_deletes_max = 5;
inline constexpr int64_t prune_pause_ms = 30 * 1000;
/// Events older than this give way to a snapshot of what they led to.
inline constexpr int64_t journal_kept_ms = 180 * day_ms;
/// Journals that one sweep compacts, and events that it folds of each.
inline constexpr int64_t compacted_journals_max = 3;
inline constexpr int64_t compacted_events_max = 500;
/// Configuration versions whose documents are moved in one step: all are in memory, twice.
inline constexpr int64_t moved_versions_max = 2;
/// The pause between two sites of a reconcile, and how long one may stay unclear.
inline constexpr int64_t reconcile_pause_ms = 1000;
inline constexpr int64_t reconcile_unclear_ms = 10 * 60 * 1000;
/// Unclear answers to a project's creation before a human is asked.
inline constexpr int64_t project_attempts_max = 8;
/// Domains or deployments that one look at a site deletes at Cloudflare, and the pause until the
/// next look: 12 calls in 10 s are 360 of the 1200 that a user has in 5 minutes.
inline constexpr size_t removals_per_look = 8;
inline constexpr int64_t removal_pause_ms = 10 * 1000;
/// While the deletions of one look may still be answered, nobody else looks.
inline constexpr int64_t removal_lease_ms = 60 * 1000;
/// Pages refuses to delete a project with more deployments than this (8000076).
inline constexpr int64_t deletable_deployments_max = 100;
/// What waits for a frozen fleet looks again after this.
inline constexpr int64_t frozen_pause_ms = 60 * 1000;
/// How often GitHub is told to stop a run whose batch was cancelled.
inline constexpr int64_t run_cancels_max = 3;
/// How often a rollback is sent to Pages before the version is built again.
inline constexpr int64_t rollbacks_max = 3;
/// Sites whose served bytes one tick has looked at.
inline constexpr int64_t drift_sample_max = 20;
/// Configuration versions of a deleted platform that one look removes.
inline constexpr int64_t removed_versions_per_look = 20;

}  // namespace slipway::limits
