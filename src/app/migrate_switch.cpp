// Automatic deployments of the old project are switched off: in place before anything is uploaded,
// with a new project after everything has moved. Also how the site is followed in between.
#include "app/at_pages.hpp"
#include "app/migrate.hpp"
#include "base/text.hpp"
#include "upstream/classify.hpp"

namespace slipway {
namespace {

/// Goes back, because it cannot be done in place; then to a new project, where that was left open.
Outcome fall_back(Migrating& at, Failure why) {
  const bool again = at.row.requested == MigrationMode::automatic;
  at.run.draft().record(at.row, MigrationReturning{again, std::move(why), std::nullopt});
  return later(at, 0);
}

/// The old project as it is now; nothing where the round must end with `outcome`.
std::optional<pages::ConnectedProject> look_at_old(Migrating& at, std::optional<Outcome>& outcome) {
  const Answer* look =
      at.run.ask("look:old", pages::get_project(at.account, present(at.row.old).name));
  if (look == nullptr) {
    outcome = at.run.need();
    return std::nullopt;
  }
  auto envelope = read_project<pages::ConnectedEnvelope>(at.run, *look, present(at.row.old).name);
  if (classify(*look) != Verdict::ok || !envelope) {
    outcome = not_done(at, *look);
    return std::nullopt;
  }
  return std::move(envelope->result);
}

bool is_closed(const Migrating& at, const pages::ConnectedProject& project) {
  const bool in_place = at.row.mode == MigrationMode::in_place;
  const bool marked = pages::marked_site(project) == site_of(at.row);
  return pages::is_off(pages::switches_of(project)) && (!in_place || marked);
}

/// Switches off. Nothing when that is done; `kept` where Cloudflare says yes and changes nothing.
std::optional<Outcome> close(Migrating& at, bool& kept) {
  std::optional<Outcome> outcome;
  const auto project = look_at_old(at, outcome);
  if (!project) return outcome;
  if (is_closed(at, *project)) return std::nullopt;
  const OldProject& old = present(at.row.old);
  std::optional<std::string> marker;
  if (at.row.mode == MigrationMode::in_place) marker = site_of(at.row);
  const Answer* done = write(
      at, "switch_off", old.name,
      pages::edit_connection(at.account, old.name, old.source_type, pages::switched_off(), marker));
  if (done == nullptr) return at.run.act_now();
  const auto after = read_project<pages::ConnectedEnvelope>(at.run, *done, old.name);
  if (classify(*done) != Verdict::ok || !after) return not_done(at, *done);
  kept = !is_closed(at, after->result);
  return std::nullopt;
}

/// Why the site will not be served, where that is certain.
std::optional<Failure> failure_of(const SiteRow& site, int64_t revision) {
  if (site.blocked) return site.blocked;
  const bool tried = !site.active && site.last && site.last->revision >= revision;
  if (!tried || wants_deployment(site)) return std::nullopt;
  return site.last->failure;
}

/// Whether the deployment that is live was seen to serve its bytes.
bool is_verified(const SiteRow& site) {
  return site.live && site.last && site.last->id == site.live->deployment_id &&
         site.last->verified == Verified::bytes;
}

}  // namespace

Outcome switch_off(Migrating& at) {
  Run& run = at.run;
  auto site = run.row<SiteRow>("site", site_of(at.row));
  const auto platform = run.row<PlatformRow>("platform", at.row.platform_id);
  if (run.incomplete()) return run.need();
  if (!site || !platform) stop_on_damage();
  bool kept = false;
  if (auto outcome = close(at, kept)) return *std::move(outcome);
  const OldProject& old = present(at.row.old);
  if (kept) return fall_back(at, failure(ErrorCode::migration_switches_kept, old.name));
  run.draft().record(*site, SiteTakenOver{old.subdomain, old.branch, platform->config_version,
                                          std::string(run.setting("SHELL_SHA")), "migrated"});
  run.draft().look_at(*site, run.now_ms());
  run.draft().record(at.row, MigrationSwitchedOff{site->desired.revision, std::nullopt});
  return later(at, 2'000);
}

Outcome follow_site(Migrating& at) {
  const auto site = at.run.row<SiteRow>("site", site_of(at.row));
  if (at.run.incomplete()) return at.run.need();
  if (!site) stop_on_damage();
  const bool in_place = at.row.mode == MigrationMode::in_place;
  if (site->live && site->live->revision >= at.row.revision) {
    if (site->active || wants_deployment(*site)) return poll(at);
    if (is_verified(*site)) {
      at.run.draft().record(at.row, MigrationVerified{site->live->deployment_id});
      return later(at, 0);
    }
    return stop(at, failure(ErrorCode::migration_unverified, present(site->subdomain)));
  }
  if (!site->blocked && !site->active) {
    if (auto held = held_by(*site)) return hold(at, *std::move(held));
  }
  auto why = failure_of(*site, at.row.revision);
  if (!why) return poll(at);
  return in_place ? fall_back(at, *std::move(why)) : stop(at, *std::move(why));
}

Outcome close_old(Migrating& at) {
  bool kept = false;
  if (auto outcome = close(at, kept)) return *std::move(outcome);
  std::optional<Failure> why;
  if (kept) why = failure(ErrorCode::migration_switches_kept, present(at.row.old).name);
  at.run.draft().record(at.row, MigrationSwitchedOff{std::nullopt, why});
  return later(at, 0);
}

}  // namespace slipway
