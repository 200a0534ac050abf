#include "app/roll_back.hpp"

#include <algorithm>

#include "app/at_pages.hpp"
#include "app/served.hpp"
#include "base/text.hpp"
#include "upstream/classify.hpp"
#include "upstream/pages_git.hpp"

namespace slipway {
namespace {

Outcome later(Run& run, const SiteRow& site) {
  const int64_t since_ms = run.now_ms() - site.pin->at_ms;
  run.draft().look_at(site, run.now_ms() + std::clamp<int64_t>(since_ms / 4, 1'000, 30'000));
  return run.done();
}

/// Pages cannot: the version is built again.
Outcome build_again(Run& run, SiteRow& site, std::string detail) {
  run.draft().record(site, RollbackRefused{std::move(detail)});
  run.draft().look_at(site, run.now_ms());
  return run.done();
}

/// Nobody can tell yet: looked at again, as long as the verification of a deployment may last.
Outcome not_yet(Run& run, SiteRow& site, std::string detail) {
  const bool over = run.now_ms() - site.pin->at_ms >= limits::verification_deadline_ms;
  return over ? build_again(run, site, std::move(detail)) : later(run, site);
}

Outcome rolled_back(Run& run, SiteRow& site, Verified verified, size_t files) {
  run.draft().record(site, SiteRolledBack{verified, static_cast<int64_t>(files)});
  run.draft().settle(site);
  return run.done();
}

/// Pages serves it, by its own account: the bytes decide.
Outcome compare(Run& run, SiteRow& site, const Deployment& target) {
  const auto seen = look_at_served(run, present(site.subdomain),
                                   {target.id, target.config_version, target.manifest_digest});
  if (!seen) return run.need();
  if (seen->finding == Served::same) {
    return rolled_back(run, site, Verified::bytes, seen->compared);
  }
  if (seen->finding == Served::walled) return rolled_back(run, site, Verified::not_reachable, 0);
  return not_yet(run, site, seen->detail);
}

Outcome send(Run& run, SiteRow& site, const pages::Account& account) {
  const Pin& pin = *site.pin;
  if (pin.attempts >= limits::rollbacks_max) {
    return build_again(run, site, "Pages did not go back to it");
  }
  run.draft().record(site, RollbackStarted{pin.attempts + 1});
  run.draft().look_at(site, run.now_ms() + limits::act_lease_ms);
  const Answer* sent = run.act(
      "act:roll_back", pages::roll_back(account, site.project_name, *pin.pages_deployment_id));
  if (sent == nullptr) return run.act_now();
  switch (classify(*sent)) {
    case Verdict::rejected:
      return build_again(run, site, refusal(first_error(run, *sent)).detail);
    case Verdict::retry_after:
      run.draft().look_at(site, run.now_ms() + wait_ms(*sent, run.now_ms()));
      return run.done();
    case Verdict::ok:
    case Verdict::unknown:
      return later(run, site);
  }
  __builtin_unreachable();
}

}  // namespace

Outcome roll_back(Run& run, SiteRow& site, const pages::Account& account) {
  const Pin& pin = *site.pin;
  const auto target = run.row<Deployment>("deployment", pin.deployment_id);
  const Answer* upload =
      run.ask("look:deployment",
              pages::get_deployment(account, site.project_name, present(pin.pages_deployment_id)));
  const Answer* project = run.ask("look:project", pages::get_project(account, site.project_name));
  if (run.incomplete()) return run.need();
  if (!target) return build_again(run, site, "its record is gone");
  for (const Answer* answer : {upload, project}) {
    const Verdict verdict = classify(*answer);
    if (verdict == Verdict::rejected) {
      return build_again(run, site, refusal(first_error(run, *answer)).detail);
    }
    if (verdict == Verdict::retry_after) {
      run.draft().look_at(site, run.now_ms() + wait_ms(*answer, run.now_ms()));
      return run.done();
    }
    if (verdict == Verdict::unknown) return not_yet(run, site, in_words(*answer));
  }
  const auto at_pages = run.read_answer<pages::DeploymentEnvelope>(*upload);
  const auto envelope = read_project<pages::ProjectEnvelope>(run, *project, site.project_name);
  if (!at_pages || !envelope) return not_yet(run, site, "Pages gave no clear answer");
  if (pages::progress(at_pages->result) != pages::Progress::success) {
    return build_again(run, site, "the Pages deployment did not succeed");
  }
  const auto& canonical = envelope->result.canonical_deployment;
  if (canonical && canonical->id == *pin.pages_deployment_id) return compare(run, site, *target);
  return send(run, site, account);
}

}  // namespace slipway
