#include "app/verify_deployment.hpp"

#include <algorithm>

#include "app/plan_deployment.hpp"
#include "app/retention.hpp"
#include "app/served.hpp"
#include "base/text.hpp"
#include "upstream/classify.hpp"
#include "upstream/pages_logs.hpp"

namespace slipway {
namespace {

/// 1 s at first, growing to a minute.
int64_t interval_ms(const Run& run, const Deployment& deployment) {
  const int64_t since = run.now_ms() - deployment.uploaded_ms.value_or(deployment.updated_ms);
  return std::clamp<int64_t>(since / 4, 1'000, 60'000);
}

/// What Pages calls deployed has its own, shorter time to be served; as long as nobody can tell,
/// the deadline of every deployment holds.
bool out_of_time(const Run& run, const Deployment& deployment, ErrorCode code) {
  if (code == ErrorCode::content_mismatch) {
    return run.now_ms() - deployment.updated_ms >= limits::verification_deadline_ms;
  }
  const int64_t since = deployment.uploaded_ms.value_or(deployment.updated_ms);
  return run.now_ms() - since >= limits::deployment_deadline_ms;
}

Outcome fail(Run& run, SiteRow& site, ErrorCode code, std::string detail,
             std::optional<std::string> log_tail = std::nullopt) {
  Draft& draft = run.draft();
  draft.record(site, DeploymentFailed{site.active->id,
                                      failure(code, std::move(detail), std::move(log_tail))});
  draft.look_at(site, run.now_ms());
  return run.done();
}

/// Not yet what it should be: look again, or give up when the time is over.
Outcome not_yet(Run& run, SiteRow& site, ErrorCode code, std::string detail) {
  if (out_of_time(run, *site.active, code)) return fail(run, site, code, std::move(detail));
  run.draft().look_at(site, run.now_ms() + interval_ms(run, *site.active));
  return run.done();
}

Outcome live(Run& run, SiteRow& site, Verified verified, size_t files) {
  Draft& draft = run.draft();
  if (site.active->state == DeploymentState::uploaded) {
    draft.record(site, DeploymentVerifying{site.active->id});
  }
  draft.record(site, DeploymentLive{site.active->id, verified, static_cast<int64_t>(files)});
  plan_or_settle(run, site);
  prune_after(run, site);
  return run.done();
}

/// Pages calls it failed. Its log is shown where it can be had; without it the failure stands, too.
Outcome fail_at_pages(Run& run, SiteRow& site, const pages::Account& account,
                      const pages::PagesDeployment& deployment) {
  const Answer* look =
      run.ask("look:log", pages::get_log(account, site.project_name, deployment.id));
  if (look == nullptr) return run.need();
  const auto log = run.read_answer<pages::LogEnvelope>(*look);
  const bool told = classify(*look) == Verdict::ok && log && !log->result.data.empty();
  const pages::Stage& stage = deployment.latest_stage;
  return fail(run, site, ErrorCode::deploy_failed, concat("Pages: ", stage.name, " ", stage.status),
              told ? std::optional(pages::text_of(log->result)) : std::nullopt);
}

/// It is not served, or hidden: what Pages says of the deployment decides.
Outcome ask_pages(Run& run, SiteRow& site, const pages::Account& account,
                  const ServedLook& served) {
  const Answer* look = run.ask(
      "look:deployment",
      pages::get_deployment(account, site.project_name, present(site.active->pages_deployment_id)));
  if (look == nullptr) return run.need();
  const Verdict verdict = classify(*look);
  if (verdict == Verdict::retry_after) {
    run.draft().look_at(site, run.now_ms() + wait_ms(*look, run.now_ms()));
    return run.done();
  }
  const auto envelope = run.read_answer<pages::DeploymentEnvelope>(*look);
  if (verdict != Verdict::ok || !envelope) {
    return not_yet(run, site, ErrorCode::upstream_unclear,
                   concat("the Pages deployment: ", in_words(*look)));
  }
  const pages::PagesDeployment& deployment = envelope->result;
  switch (pages::progress(deployment)) {
    case pages::Progress::failure:
      return fail_at_pages(run, site, account, deployment);
    case pages::Progress::active:
      return not_yet(run, site, ErrorCode::deploy_failed,
                     concat("Pages is still at ", deployment.latest_stage.name));
    case pages::Progress::success:
      break;
  }
  if (site.active->state == DeploymentState::uploaded) {
    run.draft().record(site, DeploymentVerifying{site.active->id});
  }
  if (served.finding == Served::walled) return live(run, site, Verified::not_reachable, 0);
  return not_yet(run, site, served.code, served.detail);
}

}  // namespace

Outcome verify_deployment(Run& run, SiteRow& site, const pages::Account& account) {
  const Deployment& deployment = *site.active;
  const auto served =
      look_at_served(run, present(site.subdomain),
                     {deployment.id, deployment.config_version, deployment.manifest_digest});
  if (!served) return run.need();
  if (served->finding == Served::same) return live(run, site, Verified::bytes, served->compared);
  // Most deployments are served in seconds; asking the site costs nothing of Cloudflare's budget.
  const int64_t since = run.now_ms() - present(deployment.uploaded_ms);
  if (served->finding != Served::walled && since < limits::api_verify_after_ms) {
    return not_yet(run, site, served->code, served->detail);
  }
  return ask_pages(run, site, account, *served);
}

}  // namespace slipway
