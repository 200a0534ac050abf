// Looking at the migration of a site: the next step of its state (migrate.hpp).
#include <algorithm>

#include "app/at_pages.hpp"
#include "app/effects.hpp"
#include "app/migrate.hpp"
#include "app/operations.hpp"
#include "base/text.hpp"
#include "upstream/classify.hpp"

namespace slipway {
namespace {

constexpr int64_t project_unknown_code = 8000007;
constexpr int64_t domain_unknown_code = 8000021;

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

std::string site_of(const MigrationRow& row) { return site_id(row.platform_id, row.environment); }

Outcome look_at_migration(Run& run, std::string_view id) {
  const bool due = is_due(run, concat("migration:", id));
  auto row = run.row<MigrationRow>("migration", id);
  if (run.incomplete()) return run.need();
  if (!due || !row) return run.done();
  const auto account = run.row<AccountRow>("account", row->account);
  if (run.incomplete()) return run.need();
  if (!account) stop_on_damage();
  const pages::Account credentials = account_at(*account);
  Migrating at{run, *row, credentials};
  const bool rests = row->failure && row->state != MigrationState::migrated;
  if (rests) {
    run.draft().settle(*row);
    return run.done();
  }
  if (!run.has_credential(credentials.credential)) return later(at, 60'000);
  return next_step(at);
}

}  // namespace slipway
