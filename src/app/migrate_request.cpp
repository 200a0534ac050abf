// The API of migrations: GET .../migration, POST .../migrate, .../migrate/rollback and
// .../migrate/confirm. Each says what is wanted; the steps follow (migrate_look.cpp).
#include <algorithm>

#include "app/at_pages.hpp"
#include "app/migrate.hpp"
#include "app/migrate_views.hpp"
#include "app/operations.hpp"
#include "app/views.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

constexpr size_t reason_bytes_max = 500;

/// What the path names. Holds nothing where the round must end with `outcome`.
struct Named {
  std::optional<MigrationRow> row;
  SiteRow site;
  AccountRow account;
  std::optional<Outcome> outcome;
};

Named read_named(Run& run) {
  Named out;
  const std::string_view platform_id = run.param("platformId");
  const auto environment = from_name<Environment>(run.param("environment"));
  const std::string id = site_id(platform_id, environment.value_or(Environment::dev));
  const auto platform = run.row<PlatformRow>("platform", platform_id);
  const auto site = run.row<SiteRow>("site", id);
  auto row = run.row<MigrationRow>("migration", id);
  if (run.incomplete()) {
    out.outcome = run.need();
  } else if (!platform) {
    out.outcome = run.fail({ErrorCode::platform_unknown, "", {}});
  } else if (!environment || !site) {
    out.outcome = run.fail({ErrorCode::environment_unknown, "", {}});
  } else if (!row) {
    out.outcome = run.fail({ErrorCode::migration_unknown, "", {}});
  }
  if (out.outcome) return out;
  const auto account = run.row<AccountRow>("account", row->account);
  if (run.incomplete()) {
    out.outcome = run.need();
    return out;
  }
  if (!account) stop_on_damage();
  out.row = std::move(row);
  out.site = *site;
  out.account = *account;
  return out;
}

/// A body that may be left out.
template <class T>
std::optional<Error> read_optional_body(Run& run, T& body) {
  if (run.body_bytes().empty() && !run.input().body_too_large) return std::nullopt;
  return run.read_body(body);
}

Outcome answer(Run& run, int64_t status, const Named& named) {
  return run.reply(status, to_json(view_of(*named.row, named.site)));
}

Outcome wrong_state(Run& run, const MigrationRow& row) {
  return run.fail({ErrorCode::migration_state, concat("it is ", name_of(row.state)), {}});
}

std::vector<std::string> plan_of(const Inspection& found, const std::string& project) {
  const std::string& old = found.old.name;
  if (found.mode == MigrationMode::in_place) {
    return {concat("switch automatic deployments of ", old, " off and put our marker into it"),
            concat("build and upload to ", old, ", and compare the served bytes"),
            "wait for confirm or rollback"};
  }
  std::vector<std::string> plan = {
      concat("create ", project, ", build and upload, and compare the served bytes")};
  for (const MigratingDomain& domain : found.domains) {
    plan.push_back(concat("move ", domain.name, " from ", old, " to ", project));
  }
  plan.push_back(concat("switch automatic deployments of ", old, " off"));
  plan.push_back(concat("wait for confirm, which deletes ", old, ", or rollback"));
  return plan;
}

/// What would be done, found out without touching anything.
Outcome show_plan(Run& run, const Named& named, MigrationMode wanted,
                  const std::optional<std::string>& old_name) {
  const auto account = account_at(named.account);
  if (!run.has_credential(account.credential)) {
    return run.fail({ErrorCode::credential_missing, account.credential, {}});
  }
  const auto found = inspect(run, *named.row, account, wanted, old_name);
  if (run.incomplete() || !found) return run.need();
  if (found->unclear != nullptr) {
    return run.fail({ErrorCode::upstream_unclear, "the old project", {}});
  }
  MigrationView view = view_of(*named.row, named.site);
  view.failure = found->refusal;
  if (!found->refusal) {
    const std::string project = new_project_name(view.platform_id, view.environment);
    view.mode = found->mode;
    view.old_project = found->old;
    view.project = found->mode == MigrationMode::in_place ? found->old.name : project;
    view.plan = plan_of(*found, project);
    for (const MigratingDomain& domain : found->domains) {
      view.domains.push_back({domain.name, domain.place, domain.status, std::nullopt});
    }
  }
  return run.reply(200, to_json(view));
}

bool keeps_domains(const MigrationRow& row) {
  return std::any_of(row.domains.begin(), row.domains.end(), [](const MigratingDomain& domain) {
    return domain.place == DomainPlace::kept;
  });
}

/// A site that could not be deployed is wished anew.
void wish_again(Run& run, MigrationRow& row, SiteRow& site) {
  const DesiredChanged wish{site.desired.config_version, site.desired.shell_sha,
                            "migration resumed"};
  const bool waits = row.state == MigrationState::deploying && site.state != SiteState::imported;
  if (!waits || is_gone(site) || !allows(site, wish)) return;
  run.draft().record(site, wish);
  if (site.state == SiteState::blocked) {
    run.draft().record(site, SiteUnblocked{"migration resumed"});
  }
  run.draft().look_at(site, run.now_ms());
}

/// Goes on where a person had to act; nothing where that was not so.
bool resume(Run& run, MigrationRow& row, SiteRow& site) {
  if (row.state == MigrationState::migrated && keeps_domains(row)) {
    run.draft().record(row, MigrationDomainReady{"asked for"});
  } else if (allows(row, MigrationResumed{}) && row.failure) {
    run.draft().record(row, MigrationResumed{"asked for"});
    wish_again(run, row, site);
  } else {
    return false;
  }
  run.draft().look_at(row, run.now_ms());
  return true;
}

}  // namespace

MigrationView view_of(const MigrationRow& row, const SiteRow& site) {
  MigrationView view;
  view.platform_id = row.platform_id;
  view.environment = row.environment;
  view.state = row.state;
  view.repository = row.repository;
  view.account = row.account;
  view.mode = row.mode;
  view.old_project = row.old;
  if (!row.project.empty()) view.project = row.project;
  view.url = url_of(site);
  for (const MigratingDomain& domain : row.domains) {
    view.domains.push_back({domain.name, domain.place, domain.status, domain.failure});
  }
  view.failure = row.failure;
  view.updated_at = to_rfc3339(row.updated_ms);
  return view;
}

Outcome migration_read(Run& run) {
  const Named named = read_named(run);
  if (named.outcome) return *named.outcome;
  return run.reply_or_hold(to_json(view_of(*named.row, named.site)), named.row->seq,
                           slipway::rests(*named.row) ? Progress::rests : Progress::moves);
}

Outcome migration_start(Run& run) {
  MigrateBody body;
  if (const auto error = read_optional_body(run, body)) return run.fail(*error);
  Named named = read_named(run);
  if (named.outcome) return *std::move(named.outcome);
  MigrationRow& row = *named.row;
  const MigrationMode mode = body.mode.value_or(MigrationMode::automatic);
  const bool fresh = row.state == MigrationState::imported;
  if (run.query_param("dryRun") == "true") {
    if (fresh) return show_plan(run, named, mode, body.old_project);
    return answer(run, 200, named);
  }
  if (fresh && named.site.state != SiteState::imported) {
    return run.fail(
        {ErrorCode::migration_state, concat("its site is ", name_of(named.site.state)), {}});
  }
  if (fresh) {
    run.draft().record(row, MigrationRequested{mode, body.old_project});
    run.draft().look_at(row, run.now_ms());
    return answer(run, 202, named);
  }
  return answer(run, resume(run, row, named.site) ? 202 : 200, named);
}

Outcome migration_roll_back(Run& run) {
  RollBackBody body;
  if (const auto error = read_optional_body(run, body)) return run.fail(*error);
  if (body.reason && (body.reason->empty() || body.reason->size() > reason_bytes_max)) {
    const Issue issue = {"/reason", "field.value", "must be 1 to 500 bytes"};
    return run.fail({ErrorCode::body_invalid, "", {issue}});
  }
  Named named = read_named(run);
  if (named.outcome) return *std::move(named.outcome);
  MigrationRow& row = *named.row;
  if (row.state == MigrationState::imported) return answer(run, 200, named);
  if (row.state == MigrationState::returning) {
    return answer(run, resume(run, row, named.site) ? 202 : 200, named);
  }
  if (!allows(row, MigrationReturning{})) return wrong_state(run, row);
  run.draft().record(row, MigrationReturning{false, std::nullopt, body.reason});
  run.draft().look_at(row, run.now_ms());
  return answer(run, 202, named);
}

Outcome migration_confirm(Run& run) {
  ConfirmBody body;
  if (const auto error = read_optional_body(run, body)) return run.fail(*error);
  Named named = read_named(run);
  if (named.outcome) return *std::move(named.outcome);
  MigrationRow& row = *named.row;
  if (row.state == MigrationState::confirmed) return answer(run, 200, named);
  if (row.state == MigrationState::removing) {
    return answer(run, resume(run, row, named.site) ? 202 : 200, named);
  }
  if (!allows(row, MigrationConfirmed{})) return wrong_state(run, row);
  const bool keeps = body.keep_old.value_or(false);
  if (keeps_domains(row) && !keeps) {
    return run.fail({ErrorCode::migration_domains_left, "", {}});
  }
  run.draft().record(row, MigrationConfirmed{keeps});
  run.draft().look_at(row, run.now_ms());
  return answer(run, 202, named);
}

}  // namespace slipway
