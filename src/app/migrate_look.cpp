// Looking at the migration of a site: the next step of its state (migrate.hpp).
#include <algorithm>

#include "app/at_pages.hpp"
#include "app/effects.hpp"
#include "app/held_migrations.hpp"
#include "app/migrate.hpp"
#include "app/operations.hpp"
#include "base/text.hpp"
#include "upstream/classify.hpp"

namespace slipway {
namespace {

constexpr int64_t project_unknown_code = 8000007;
constexpr int64_t domain_unknown_code = 8000021;

/// When it is looked at again while a person holds it.
constexpr int64_t held_look_ms = 5 * 60 * 1000;

/// The site is being taken down, or was. What of the migration was under way waits for that and
/// then goes back; nothing where its state needs no site.
std::optional<Outcome> without_site(Migrating& at, const SiteRow& site) {
  const bool leaves = site.state == SiteState::deleting;
  if (!leaves && !is_gone(site)) return std::nullopt;
  if (at.row.state == MigrationState::migrated) {
    at.run.draft().settle(at.row);
    return at.run.done();
  }
  const MigrationReturning back{false, std::nullopt, "its site was deleted"};
  const bool returns = at.row.state == MigrationState::returning;
  if (!returns && !allows(at.row, back)) return std::nullopt;
  // Where the removal rests, the site says why and what to do.
  if (leaves) return site.blocked ? later(at, held_look_ms) : poll(at);
  if (returns) return std::nullopt;
  at.run.draft().record(at.row, back);
  return later(at, 0);
}

/// It rests until a person asks, or until nobody holds its site's builds any more.
Outcome rest(Migrating& at, const SiteRow& site) {
  const bool stays = !is_leaving(site.state) && !is_gone(site);
  if (!is_held(at.row) || (stays && held_by(site))) {
    at.run.draft().settle(at.row);
  } else {
    go_on(at.run, at.row);
  }
  return at.run.done();
}

Outcome next_step(Migrating& at) {
  switch (at.row.state) {
    case MigrationState::inspecting:
      return inspect_old(at);
    case MigrationState::switching:
      return switch_off(at);
    case MigrationState::deploying:
      return follow_site(at);
    case MigrationState::moving:
      return move_domains(at);
    case MigrationState::closing:
      return close_old(at);
    case MigrationState::migrated:
      return watch_domains(at);
    case MigrationState::removing:
      return remove_old(at);
    case MigrationState::returning:
      return give_back(at);
    case MigrationState::absent:
    case MigrationState::imported:
    case MigrationState::confirmed:
      at.run.draft().settle(at.row);
      return at.run.done();
  }
  stop_on_damage();
}

}  // namespace

Outcome later(Migrating& at, int64_t wait) {
  at.run.draft().look_at(at.row, at.run.now_ms() + wait);
  return at.run.done();
}

Outcome stop(Migrating& at, Failure why) {
  at.run.draft().record(at.row, MigrationStopped{std::move(why)});
  at.run.draft().settle(at.row);
  return at.run.done();
}

Outcome hold(Migrating& at, Failure why) {
  at.run.draft().record(at.row, MigrationStopped{std::move(why)});
  // Whoever lets it be built again just now may not have seen that it waits: one more look.
  return later(at, held_look_ms);
}

bool is_held(const MigrationRow& migration) {
  if (migration.state != MigrationState::deploying || !migration.failure) return false;
  const std::string_view code = migration.failure->code;
  return code == info(ErrorCode::builds_paused).name ||
         code == info(ErrorCode::platform_suspended).name;
}

std::vector<MigrationRow> held_migrations(Run& run, const std::vector<SiteRow>& sites) {
  std::vector<MigrationRow> held;
  for (const SiteRow& site : sites) {
    auto row = run.row<MigrationRow>("migration", site_id(site.platform_id, site.environment));
    if (row && is_held(*row)) held.push_back(*std::move(row));
  }
  return held;
}

void go_on(Run& run, MigrationRow& migration) {
  run.draft().record(migration, MigrationResumed{"its site may be built again"});
  run.draft().look_at(migration, run.now_ms());
}

Outcome poll(Migrating& at) {
  const int64_t since = at.run.now_ms() - at.row.since_ms;
  return later(at, std::clamp<int64_t>(since / 4, 2'000, 30'000));
}

Outcome not_done(Migrating& at, const Answer& answer) {
  switch (classify(answer)) {
    case Verdict::retry_after:
      return later(at, wait_ms(answer, at.run.now_ms()));
    case Verdict::ok:
    case Verdict::unknown:
      return later(at, std::min<int64_t>(
                           int64_t{1000} << std::clamp<int64_t>(at.row.attempts, 1, 9), 300'000));
    case Verdict::rejected:
      return stop(at, refusal(first_error(at.run, answer)));
  }
  stop_on_damage();
}

const Answer* write(Migrating& at, std::string_view act, std::string_view subject,
                    const Request& request) {
  at.run.draft().record(at.row, MigrationActing{std::string(act), std::string(subject)});
  at.run.draft().look_at(at.row, at.run.now_ms() + limits::act_lease_ms);
  return at.run.act(concat("act:", act, ":", subject), request);
}

bool says_absent(Run& run, const Answer& answer) {
  if (classify(answer) != Verdict::rejected) return false;
  const int64_t code = first_error(run, answer).code;
  return code == project_unknown_code || code == domain_unknown_code;
}

bool is_gone(const SiteRow& site) {
  return site.state == SiteState::deleted || site.planned_seq.has_value();
}

std::optional<Failure> held_by(const SiteRow& site) {
  if (site.state == SiteState::suspended) {
    return failure(ErrorCode::platform_suspended, site.platform_id);
  }
  if (site.paused) return failure(ErrorCode::builds_paused, site.paused->reason);
  return std::nullopt;
}

std::string site_of(const MigrationRow& row) { return site_id(row.platform_id, row.environment); }

Outcome look_at_migration(Run& run, std::string_view id) {
  const bool due = is_due(run, concat("migration:", id));
  auto row = run.row<MigrationRow>("migration", id);
  if (run.incomplete()) return run.need();
  if (!due || !row) return run.done();
  const auto account = run.row<AccountRow>("account", row->account);
  const auto site = run.row<SiteRow>("site", site_of(*row));
  if (run.incomplete()) return run.need();
  if (!account || !site) stop_on_damage();
  const pages::Account credentials = account_at(*account);
  Migrating at{run, *row, credentials};
  const bool rests = row->failure && row->state != MigrationState::migrated;
  if (rests) return rest(at, *site);
  if (auto outcome = without_site(at, *site)) return *std::move(outcome);
  if (!run.has_credential(credentials.credential)) return later(at, 60'000);
  return next_step(at);
}

}  // namespace slipway
