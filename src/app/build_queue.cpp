#include "app/build_queue.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "app/effects.hpp"
#include "app/fleet.hpp"
#include "app/ledger_views.hpp"
#include "app/operations.hpp"
#include "app/plan_deployment.hpp"
#include "base/text.hpp"
#include "domain/queue.hpp"

namespace slipway {
namespace {

/// The first site of a queue, and which queue it is.
struct Head {
  Urgency urgency;
  std::string queue;
};

int64_t setting_s(const Run& run, std::string_view name, int64_t otherwise) {
  const auto given = to_number(run.setting(name));
  if (!given) return otherwise;
  return std::clamp<int64_t>(*given, 0, limits::build_wait_s_limit);
}

/// The queue's promise as it stands; absent where nobody has ever joined.
std::optional<EffectRow> promise_of(Run& run, std::string_view account) {
  auto rows = run.query<EffectRow>("effect", {queue_key(account)});
  if (rows.empty()) return std::nullopt;
  return std::move(rows[0]);
}

int64_t seq_of(const std::optional<EffectRow>& promise) { return promise ? promise->seq : 0; }

/// A new promise outlasts whoever settles the one that was read.
void promise(Run& run, std::string_view account, const std::optional<EffectRow>& known,
             int64_t due_at_ms) {
  run.draft().resend({queue_key(account), seq_of(known) + 1, due_at_ms, std::nullopt});
}

/// What waits in the account's queues.
struct Heads {
  std::optional<Head> best;         ///< of those that may be planned, the most urgent
  std::optional<int64_t> early_ms;  ///< when the first of the others may be
};

/// Who put a site into its queue may have a clock that is ahead of this one: such a site is seen,
/// and waited for.
Heads heads_of(Run& run, std::string_view account) {
  Heads heads;
  for (const bool somebody_waits : {true, false}) {
    for (const Environment environment : {Environment::prod, Environment::stg, Environment::dev}) {
      std::string queue = queue_of(account, environment, somebody_waits);
      const auto first = run.query<SiteRow>(
          "sites_queued", {queue, number(run.now_ms() + limits::clock_skew_ms), number(1)});
      if (first.empty()) continue;
      const int64_t since_ms = first[0].queued ? first[0].queued->due_ms : run.now_ms();
      if (since_ms > run.now_ms()) {
        heads.early_ms = std::min(since_ms, heads.early_ms.value_or(since_ms));
        continue;
      }
      const Urgency urgency{somebody_waits, environment, run.now_ms() - since_ms};
      const bool better = !heads.best || goes_before(urgency, heads.best->urgency);
      if (better) heads.best = Head{urgency, std::move(queue)};
    }
  }
  return heads;
}

/// Whether builders leave Cloudflare's budget unused.
bool lies_idle(const std::vector<LedgerRow>& ledgers, std::string_view ledger, int64_t now_ms) {
  const int64_t kept_ms = cloudflare_budget.reserve * cloudflare_budget.interval_ms;
  for (const LedgerRow& row : ledgers) {
    if (row.id != ledger) continue;
    return row.stopped_ms <= now_ms && row.paced_ms + kept_ms + limits::idle_budget_ms < now_ms;
  }
  return true;
}

/// What is under way for all accounts that share the budget of this one.
Load load_of(Run& run, const AccountRow& account, bool somebody_waits) {
  const auto accounts = run.query<AccountRow>("accounts", {});
  const auto open = run.query<OpenBatch>("batches_open", {number(limits::open_batches_max)});
  const auto counts = run.query<BuildingCount>("building_counts", {});
  const auto ledgers = run.query<LedgerRow>("ledgers", {});
  const auto shares = [&](const std::string& name) {
    return std::any_of(accounts.begin(), accounts.end(), [&](const AccountRow& other) {
      return other.name == name && other.rate_owner == account.rate_owner;
    });
  };
  Load load{somebody_waits, 0, 0, 0, false};
  for (const OpenBatch& batch : open) {
    if (!shares(batch.account)) continue;
    const bool begun = batch.state == BatchState::claimed;
    if (!begun && batch.interactive == somebody_waits) ++load.starting;
    load.jobs += batch.shards;
    for (const BuildingCount& count : counts) {
      if (count.batch_id == batch.id) load.left += count.sites;
    }
  }
  load.budget_lies_idle = lies_idle(ledgers, cloudflare_ledger(account.rate_owner), run.now_ms());
  return load;
}

/// What may be built together: one commit of the shell.
std::vector<SiteRow> candidates(Run& run, const Head& head) {
  auto sites = run.query<SiteRow>(
      "sites_queued", {head.queue, number(run.now_ms()), number(limits::batch_members_max)});
  if (sites.empty()) return sites;
  const std::string shell_sha = wish_of(sites[0]).shell_sha;
  std::erase_if(sites, [&](const SiteRow& site) { return wish_of(site).shell_sha != shell_sha; });
  return sites;
}

/// Whether sites of the account are about to come, because their projects are just being made.
bool more_are_coming(Run& run, const AccountRow& account) {
  const int64_t soon_ms = run.now_ms() + limits::gather_most_ms;
  bool coming = false;
  for (const std::string& place : {std::string("creating:"), concat("creating:", account.name)}) {
    const auto creating =
        run.query<SiteRow>("sites_at_place", {place, number(limits::placements_max)});
    for (const SiteRow& site : creating) {
      coming = coming || !site.waiting || site.waiting->until_ms <= soon_ms;
    }
  }
  return coming;
}

/// What a look at a queue has come to.
enum class Planned : uint8_t {
  none_waits,  ///< no site may be planned
  gathering,   ///< more sites are about to come
  no_room,     ///< enough is under way
  batch,       ///< one batch was planned; more may be
};

/// Plans one batch from the most urgent queue, if there is room. Asks: check `run.incomplete()`.
Planned plan_next(Run& run, const AccountRow& account, const std::optional<Head>& head) {
  if (!head) return Planned::none_waits;
  const Urgency& urgency = head->urgency;
  const bool gathers = !urgency.somebody_waits && urgency.waited_ms < limits::gather_most_ms;
  if (gathers && more_are_coming(run, account)) return Planned::gathering;
  const Load load = load_of(run, account, urgency.somebody_waits);
  if (run.incomplete() || !may_plan(load)) return Planned::no_room;
  std::vector<SiteRow> sites = candidates(run, *head);
  // Another look at this queue may have planned them since its head was read.
  if (run.incomplete() || sites.empty()) return Planned::no_room;
  const std::vector<bool> raw = are_raw(run, sites);
  if (run.incomplete()) return Planned::no_room;
  plan_batch(run, sites, raw, Origin::dispatched);
  return Planned::batch;
}

}  // namespace

std::string queue_key(std::string_view account) { return concat("queue:", account); }

int64_t wish_due_ms(const Run& run, const SiteRow& site) {
  constexpr int64_t second_ms = 1000;
  const int64_t quiet_s = setting_s(run, "BUILD_DEBOUNCE_S", limits::build_debounce_s);
  const int64_t most_s = setting_s(run, "BUILD_WAIT_MAX_S", limits::build_wait_max_s);
  const bool first = site.desired.reasons.empty() || site.desired.since_ms == 0;
  const int64_t since_ms = first ? run.now_ms() : site.desired.since_ms;
  return std::max(run.now_ms(),
                  std::min(run.now_ms() + quiet_s * second_ms, since_ms + most_s * second_ms));
}

Outcome join_queue(Run& run, SiteRow& site, const AccountRow& account) {
  if (!site.queued) {
    // It was stored before there were queues, so that none would find it.
    std::vector<SiteRow> alone = {site};
    plan_batch(run, alone, {true}, Origin::dispatched);
    return run.done();
  }
  const auto known = promise_of(run, account.name);
  if (run.incomplete()) return run.need();
  const bool promised = known && known->due_at_ms.value_or(0) > run.now_ms();
  const bool soon = promised && *known->due_at_ms <= run.now_ms() + limits::gather_ms;
  if (!site.desired.interactive) {
    // A promise that lies ahead sees this site, too: it is in the queue already.
    if (!promised) promise(run, account.name, known, run.now_ms() + limits::gather_ms);
  } else if (!soon || !promised) {
    promise(run, account.name, known, run.now_ms());
  }
  run.draft().settle(site);
  return run.done();
}

Outcome look_at_queue(Run& run, std::string_view name) {
  const bool due = is_due(run, queue_key(name));
  const auto account = run.row<AccountRow>("account", name);
  const auto known = promise_of(run, name);
  const auto frost = frozen(run);
  if (run.incomplete()) return run.need();
  if (due && !account) settle_unknown(run, queue_key(name));
  if (!due || !account) return run.done();
  if (frost) {
    promise(run, name, known, run.now_ms() + limits::frozen_pause_ms);
    return run.done();
  }
  const Heads heads = heads_of(run, name);
  if (run.incomplete()) return run.need();
  const Planned planned = plan_next(run, *account, heads.best);
  if (run.incomplete()) return run.need();
  switch (planned) {
    case Planned::none_waits:
      if (heads.early_ms) {
        promise(run, name, known, *heads.early_ms);
      } else {
        run.draft().resend({queue_key(name), seq_of(known), std::nullopt, std::nullopt});
      }
      break;
    case Planned::gathering:
      promise(run, name, known, run.now_ms() + limits::gather_ms);
      break;
    case Planned::no_room:
      promise(run, name, known, run.now_ms() + limits::queue_pause_ms);
      break;
    case Planned::batch:
      promise(run, name, known, run.now_ms());
      break;
  }
  return run.done();
}

}  // namespace slipway
