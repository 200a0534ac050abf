// The first step of a migration: what the old project is, which domains it has, and whether it
// takes uploads. Only looks; what it leads to is recorded and nothing is touched.
#include <algorithm>

#include "app/at_pages.hpp"
#include "app/migrate.hpp"
#include "base/text.hpp"
#include "upstream/classify.hpp"

namespace slipway {
namespace {

/// `owner/name` of the repository that the project is connected to, in lower case.
std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

bool is_connected_to(const pages::ConnectedProject& project, const std::string& repository) {
  const pages::Connection& config = project.source.config;
  return project.source.type.has_value() &&
         lower(concat(config.owner, "/", config.repo_name)) == lower(repository);
}

OldProject old_of(const pages::ConnectedProject& project) {
  const pages::Switches switches = pages::switches_of(project);
  OldProject out;
  out.name = project.name;
  out.subdomain = project.subdomain.value_or(concat(project.name, ".pages.dev"));
  out.branch = project.production_branch;
  out.source_type = project.source.type.value_or("github");
  if (project.canonical_deployment) out.deployment_id = project.canonical_deployment->id;
  out.deployments_enabled = switches.deployments_enabled;
  out.production_deployments_enabled = switches.production_deployments_enabled;
  out.preview_deployment_setting = switches.preview_deployment_setting;
  return out;
}

/// In place where that was asked for and uploads are taken; a refusal to take them decides.
void choose_mode(MigrationMode wanted, const Answer* probe, Inspection& out) {
  out.mode = MigrationMode::new_project;
  if (probe == nullptr) return;
  if (classify(*probe) == Verdict::ok) {
    out.mode = MigrationMode::in_place;
  } else if (wanted == MigrationMode::in_place) {
    out.refusal = failure(ErrorCode::migration_uploads_refused, in_words(*probe));
  } else if (classify(*probe) != Verdict::rejected) {
    out.unclear = probe;
  }
}

Inspection refused(ErrorCode code, std::string detail) {
  Inspection out;
  out.refusal = failure(code, std::move(detail));
  return out;
}

Inspection unclear(const Answer& answer) {
  Inspection out;
  out.unclear = &answer;
  return out;
}

/// What is wrong with a look at the old project, or at its domains, if anything.
std::optional<Inspection> fault_of(Run& run, const Answer& look, const std::string& name) {
  const Verdict verdict = classify(look);
  if (verdict == Verdict::ok) return std::nullopt;
  if (verdict != Verdict::rejected) return unclear(look);
  if (says_absent(run, look)) return refused(ErrorCode::migration_project_missing, name);
  Inspection out;
  out.refusal = refusal(first_error(run, look));
  return out;
}

}  // namespace

std::optional<Inspection> inspect(Run& run, const MigrationRow& row, const pages::Account& account,
                                  MigrationMode wanted,
                                  const std::optional<std::string>& old_name) {
  const std::string name = old_name.value_or(project_name(row.platform_id, row.environment));
  const Answer* look = run.ask("look:old", pages::get_project(account, name));
  if (look == nullptr) return std::nullopt;
  if (auto fault = fault_of(run, *look, name)) return fault;
  const auto envelope = run.read_answer<pages::ConnectedEnvelope>(*look);
  if (!envelope) return unclear(*look);
  const pages::ConnectedProject& project = envelope->result;
  if (!is_connected_to(project, row.repository)) {
    return refused(ErrorCode::migration_project_foreign,
                   concat(name, " is not connected to ", row.repository));
  }
  const Answer* domains = run.ask("look:domains", pages::list_domains(account, name));
  const bool probes = wanted != MigrationMode::new_project;
  const Answer* probe =
      probes ? run.ask("look:upload_token", pages::probe_upload(account, name)) : nullptr;
  if (run.incomplete()) return std::nullopt;
  if (auto fault = fault_of(run, *domains, name)) return fault;
  const auto found = run.read_answer<pages::DomainChecksEnvelope>(*domains);
  if (!found) return unclear(*domains);

  Inspection out;
  out.old = old_of(project);
  choose_mode(wanted, probe, out);
  for (const pages::Domain& domain : found->result) {
    MigratingDomain one;
    one.name = domain.name;
    one.status = domain.status;
    one.since_ms = run.now_ms();
    out.domains.push_back(std::move(one));
  }
  return out;
}

Outcome inspect_old(Migrating& at) {
  Run& run = at.run;
  auto found = inspect(run, at.row, at.account, at.row.requested, at.row.old_name);
  if (run.incomplete() || !found) return run.need();
  if (found->unclear != nullptr) return not_done(at, *found->unclear);
  Draft& draft = run.draft();
  if (found->refusal) {
    draft.record(at.row, MigrationRefused{*found->refusal});
    draft.settle(at.row);
    return run.done();
  }
  if (found->mode == MigrationMode::in_place) {
    draft.record(at.row, MigrationPlannedInPlace{found->old, found->domains});
    return later(at, 0);
  }
  auto site = run.row<SiteRow>("site", site_of(at.row));
  const auto platform = run.row<PlatformRow>("platform", at.row.platform_id);
  if (run.incomplete()) return run.need();
  if (!site || !platform) stop_on_damage();
  const std::string project = new_project_name(at.row.platform_id, at.row.environment);
  draft.record(*site, SiteReplaced{project, platform->config_version,
                                   std::string(run.setting("SHELL_SHA")), "migrated"});
  draft.look_at(*site, run.now_ms());
  draft.record(at.row, MigrationPlannedNewProject{found->old, found->domains, project,
                                                  site->desired.revision});
  return later(at, 2'000);
}

}  // namespace slipway
