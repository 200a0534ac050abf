// The way back, and the end: a rollback undoes every step of a migration, a confirmation deletes
// the old project.
#include "app/at_pages.hpp"
#include "app/migrate.hpp"
#include "app/places.hpp"
#include "base/text.hpp"
#include "upstream/classify.hpp"

namespace slipway {
namespace {

constexpr int64_t too_many_deployments_code = 8000076;
/// Deployments that one look deletes: a run takes at most 16 rounds.
constexpr size_t deletions_a_look = 8;

/// The site has looked for room elsewhere: it has its place beside its old project again.
std::optional<Outcome> move_back(Migrating& at, const SiteRow& site) {
  Run& run = at.run;
  auto home = run.row<AccountRow>("account", at.row.account);
  std::optional<AccountRow> other;
  if (!site.account.empty()) other = run.row<AccountRow>("account", site.account);
  if (run.incomplete()) return run.need();
  if (!home) stop_on_damage();
  if (home->state == AccountState::removed) {
    return stop(at, failure(ErrorCode::account_unknown, at.row.account));
  }
  if (other) free_place(run, *other, site);
  take_place(run, *home, site);
  return std::nullopt;
}

/// The site is imported again; nothing when it is, or when there is no such site any more.
std::optional<Outcome> return_site(Migrating& at) {
  Run& run = at.run;
  auto site = run.row<SiteRow>("site", site_of(at.row));
  if (run.incomplete()) return run.need();
  if (!site) stop_on_damage();
  if (site->state == SiteState::imported || is_gone(*site)) return std::nullopt;
  const bool creates = !site->subdomain && site->state != SiteState::blocked &&
                       run.now_ms() - site->updated_ms < limits::act_lease_ms;
  if (site->active || creates) return poll(at);
  SiteReturned back{"its migration was rolled back"};
  if (site->account != at.row.account) {
    if (auto outcome = move_back(at, *site)) return outcome;
    back.account = at.row.account;
  }
  run.draft().record(*site, back);
  run.draft().settle(*site);
  return later(at, 0);
}

pages::Switches switches_before(const OldProject& old) {
  return {old.deployments_enabled, old.production_deployments_enabled,
          old.preview_deployment_setting};
}

/// Automatic deployments as they were, no marker, and the bytes that were served; nothing when all
/// of that is so, or when the old project is gone.
std::optional<Outcome> restore_old(Migrating& at) {
  Run& run = at.run;
  const OldProject& old = present(at.row.old);
  const Answer* look = run.ask("look:old", pages::get_project(at.account, old.name));
  if (look == nullptr) return run.need();
  if (says_absent(run, *look)) return std::nullopt;
  const auto envelope = read_project<pages::ConnectedEnvelope>(run, *look, old.name);
  if (classify(*look) != Verdict::ok || !envelope) return not_done(at, *look);
  const pages::ConnectedProject& project = envelope->result;
  // A site that was deleted and planned anew has made its own project of that name.
  if (!project.source.type) return std::nullopt;
  const auto& served = project.canonical_deployment;
  if (old.deployment_id && at.row.mode == MigrationMode::in_place && served &&
      served->id != *old.deployment_id) {
    const Answer* done = write(at, "roll_back", old.name,
                               pages::roll_back(at.account, old.name, *old.deployment_id));
    if (done == nullptr) return run.act_now();
    if (classify(*done) != Verdict::ok) return not_done(at, *done);
  }
  const bool marked = pages::marked_site(project).has_value();
  const bool same = pages::switches_of(project) == switches_before(old);
  if (same && !marked) return std::nullopt;
  const Answer* done =
      write(at, "switch_on", old.name,
            pages::edit_connection(at.account, old.name, old.source_type, switches_before(old),
                                   marked ? std::optional<std::string>("") : std::nullopt));
  if (done == nullptr) return run.act_now();
  if (classify(*done) != Verdict::ok) return not_done(at, *done);
  return std::nullopt;
}

bool is_new_project(const MigrationRow& row, const pages::ConnectedProject& project) {
  return pages::marked_site(project) == site_of(row) && !project.source.type;
}

bool is_old_project(const MigrationRow& row, const pages::ConnectedProject& project) {
  return project.source.type && project.name == present(row.old).name;
}

/// Deletes deployments, so that the project can be deleted.
Outcome thin_out(Migrating& at, const std::string& project) {
  Run& run = at.run;
  const Answer* list =
      run.ask("look:deployments", pages::list_all_deployments(at.account, project));
  if (list == nullptr) return run.need();
  const auto found = run.read_answer<pages::DeploymentRefs>(*list);
  if (classify(*list) != Verdict::ok || !found) return not_done(at, *list);
  size_t deleted = 0;
  for (const pages::DeploymentRef& deployment : found->result) {
    if (deleted == deletions_a_look) break;
    const Answer* gone = write(at, "delete_deployment", deployment.id,
                               pages::delete_deployment_forced(at.account, project, deployment.id));
    if (gone == nullptr) return run.act_now();
    const Verdict verdict = classify(*gone);
    if (verdict == Verdict::retry_after || verdict == Verdict::unknown) {
      return not_done(at, *gone);
    }
    // A refusal is about the deployment that is served: it goes with the project.
    ++deleted;
  }
  return later(at, 0);
}

Outcome returned(Migrating& at) {
  Draft& draft = at.run.draft();
  const bool again = at.row.again;
  const bool deleted = at.row.mode == MigrationMode::new_project;
  const auto old_name = at.row.old_name;
  draft.record(at.row, MigrationReturned{deleted});
  if (again) {
    draft.record(at.row, MigrationRequested{MigrationMode::new_project, old_name});
    return later(at, 0);
  }
  draft.settle(at.row);
  return at.run.done();
}

}  // namespace

std::optional<Outcome> remove_project(Migrating& at, const std::string& project,
                                      bool (*is_ours)(const MigrationRow&,
                                                      const pages::ConnectedProject&)) {
  Run& run = at.run;
  const Answer* look = run.ask("look:remove", pages::get_project(at.account, project));
  if (look == nullptr) return run.need();
  if (says_absent(run, *look)) return std::nullopt;
  const auto envelope = read_project<pages::ConnectedEnvelope>(run, *look, project);
  if (classify(*look) != Verdict::ok || !envelope) return not_done(at, *look);
  if (!is_ours(at.row, envelope->result)) return std::nullopt;
  const Answer* gone =
      write(at, "delete_project", project, pages::delete_project(at.account, project));
  if (gone == nullptr) return run.act_now();
  if (classify(*gone) == Verdict::ok) return std::nullopt;
  if (classify(*gone) == Verdict::rejected &&
      first_error(run, *gone).code == too_many_deployments_code) {
    return thin_out(at, project);
  }
  return not_done(at, *gone);
}

Outcome give_back(Migrating& at) {
  if (auto outcome = return_site(at)) return *std::move(outcome);
  if (at.row.old) {
    if (auto outcome = return_domains(at)) return *std::move(outcome);
    if (auto outcome = restore_old(at)) return *std::move(outcome);
    if (at.row.mode == MigrationMode::new_project) {
      if (auto outcome = remove_project(at, at.row.project, is_new_project)) {
        return *std::move(outcome);
      }
    }
  }
  return returned(at);
}

Outcome remove_old(Migrating& at) {
  const bool deletes = at.row.mode == MigrationMode::new_project && !at.row.keep_old;
  if (deletes) {
    const std::string old = present(at.row.old).name;
    if (auto outcome = remove_project(at, old, is_old_project)) return *std::move(outcome);
  }
  at.run.draft().record(at.row, MigrationFinished{deletes});
  at.run.draft().settle(at.row);
  return at.run.done();
}

}  // namespace slipway
