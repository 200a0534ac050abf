// POST and GET /api/v1/reconcile: every site is looked at again, one after the other, and what is
// stored is made true: for a database that was restored from an older state, while GitHub and
// Cloudflare went on.
#include <algorithm>

#include "app/at_pages.hpp"
#include "app/operation_view.hpp"
#include "app/operations.hpp"
#include "app/status_views.hpp"
#include "app/upkeep.hpp"
#include "base/text.hpp"
#include "upstream/classify.hpp"

namespace slipway {
namespace {

constexpr int64_t project_unknown_code = 8000007;

/// What a look at one site found.
struct Finding {
  std::optional<std::string> redeploy;  ///< why it does not serve what the row says
  bool missing = false;                 ///< the project is gone
  std::optional<std::string> faulty;    ///< what a person has to mend
  std::optional<int64_t> later_ms;      ///< nobody can tell now: look again then
};

/// Nobody can tell: asked again for a while, then left with a remark.
Finding unclear(const Run& run, const UpkeepRow& walk, const Answer& answer) {
  Finding out;
  if (run.now_ms() - walk.updated_ms < limits::reconcile_unclear_ms) {
    out.later_ms = run.now_ms() + wait_ms(answer, run.now_ms());
  } else {
    out.faulty = in_words(answer);
  }
  return out;
}

Finding judge_project(Run& run, const UpkeepRow& walk, const SiteRow& site, const Answer& look) {
  const Verdict verdict = classify(look);
  Finding out;
  if (verdict == Verdict::rejected) {
    out.missing = first_error(run, look).code == project_unknown_code;
    if (!out.missing) out.faulty = concat("the project: ", in_words(look));
    return out;
  }
  const auto envelope = read_project<pages::ProjectEnvelope>(run, look, site.project_name);
  if (verdict != Verdict::ok || !envelope) return unclear(run, walk, look);
  const std::string id = site_id(site.platform_id, site.environment);
  if (pages::marked_site(envelope->result) != id) {
    out.faulty = "the project carries another marker, or none";
  }
  return out;
}

Finding judge_served(Run& run, const UpkeepRow& walk, const SiteRow& site, const Answer& served) {
  Finding out;
  const Verdict verdict = classify(served);
  const bool walled = served.status >= 300 && served.status < 404;
  if (walled || !site.live) return out;
  if (verdict == Verdict::unknown || verdict == Verdict::retry_after) {
    return unclear(run, walk, served);
  }
  const auto manifest = run.read_answer<pages::Manifest>(served);
  if (verdict != Verdict::ok || !manifest) {
    out.redeploy = "reconcile: nothing of ours is served";
  } else if (manifest->deployment != site.live->deployment_id) {
    out.redeploy = "reconcile: another deployment is served";
  }
  return out;
}

/// Looks at a site that rests. Asks: check `run.incomplete()` afterwards.
Finding look(Run& run, const UpkeepRow& walk, const SiteRow& site, const pages::Account& at) {
  const Answer* project = run.ask("look:project", pages::get_project(at, site.project_name));
  const Answer* served =
      run.ask("look:manifest", pages::get_file(present(site.subdomain), pages::manifest_path));
  if (run.incomplete()) return {};
  Finding found = judge_project(run, walk, site, *project);
  if (found.missing || found.faulty || found.later_ms) return found;
  return judge_served(run, walk, site, *served);
}

/// Whatever the site waits for is looked at now.
void wake(Run& run, const SiteRow& site, const std::optional<BatchRow>& batch) {
  run.draft().look_at(site, run.now_ms());
  if (batch && batch->state != BatchState::closed) run.draft().look_at(*batch, run.now_ms());
}

void mend(Run& run, SiteRow& site, const Finding& found) {
  if (!found.missing && !found.redeploy) return;
  const std::string reason = found.redeploy.value_or("reconcile: the project is gone");
  Draft& draft = run.draft();
  if (const auto pin = site.pin) {
    draft.record(site,
                 SitePinned{pin->config_version, pin->shell_sha, pin->deployment_id,
                            found.missing ? std::nullopt : pin->pages_deployment_id, pin->reason});
  } else {
    draft.record(site, DesiredChanged{site.desired.config_version, site.desired.shell_sha, reason});
  }
  if (found.missing) draft.record(site, ProjectMissing{reason});
  draft.look_at(site, run.now_ms());
}

UpkeepRow walk_of(Run& run) {
  return run.row<UpkeepRow>("upkeep", upkeep_reconcile).value_or(UpkeepRow{});
}

}  // namespace

Outcome reconcile_read(Run& run) {
  const UpkeepRow walk = walk_of(run);
  if (run.incomplete()) return run.need();
  return run.reply(200, to_json(view_of(walk)));
}

Outcome reconcile_start(Run& run) {
  UpkeepRow walk = walk_of(run);
  if (run.incomplete()) return run.need();
  start_walk(run, walk, {std::string(upkeep_reconcile), std::nullopt});
  Map<std::string> headers;
  headers.members.emplace_back("location", "/api/v1/reconcile");
  return run.reply(202, to_json(view_of(walk)), std::move(headers));
}

Outcome reconcile_next(Run& run, UpkeepRow& walk) {
  Draft& draft = run.draft();
  auto sites = run.query<SiteRow>("sites_after", {walk.cursor, number(1)});
  if (run.incomplete()) return run.need();
  if (sites.empty()) {
    draft.record(walk, WalkFinished{});
    draft.settle(walk);
    return run.done();
  }
  SiteRow& site = sites[0];
  const auto account = run.row<AccountRow>("account", site.account);
  const auto batch =
      site.active ? run.row<BatchRow>("batch", site.active->batch_id) : std::optional<BatchRow>();
  if (run.incomplete()) return run.need();

  WalkAdvanced done;
  done.cursor = site_id(site.platform_id, site.environment);
  done.items = 1;
  const bool rests = site.state == SiteState::ready && !site.active;
  if (rests && account) {
    const Finding found = look(run, walk, site, account_at(*account));
    if (run.incomplete()) return run.need();
    if (found.later_ms) {
      draft.look_at(walk, *found.later_ms);
      return run.done();
    }
    mend(run, site, found);
    done.changed = found.missing || found.redeploy ? 1 : 0;
    done.faulty = found.faulty ? 1 : 0;
    if (found.faulty) done.detail = concat(done.cursor, ": ", *found.faulty);
  } else if (site.state != SiteState::blocked) {
    wake(run, site, batch);
    done.changed = 1;
  }
  draft.record(walk, std::move(done));
  draft.look_at(walk, run.now_ms() + limits::reconcile_pause_ms);
  return run.done();
}

}  // namespace slipway
