#include "app/remove_project.hpp"

#include <algorithm>
#include <utility>

#include "app/at_pages.hpp"
#include "app/places.hpp"
#include "base/text.hpp"
#include "upstream/classify.hpp"
#include "upstream/pages_removal.hpp"

namespace slipway {
namespace {

/// The pause after a step that leaves nothing of its kind.
constexpr int64_t short_pause_ms = 1'000;

/// What a look works on.
struct Look {
  Run& run;
  SiteRow& site;
  AccountRow& holder;
  const pages::Account& account;
  const std::optional<PlatformRow>& platform;
};

Outcome later(const Look& look, int64_t wait) {
  look.run.draft().look_at(look.site, look.run.now_ms() + wait);
  return look.run.done();
}

/// No answer tells anything: asked less and less the longer that lasts.
Outcome unclear(const Look& look) {
  const int64_t since = look.run.now_ms() - look.site.updated_ms;
  return later(look, std::clamp<int64_t>(since / 4, 2'000, 300'000));
}

Outcome rest(const Look& look, Failure why) {
  look.run.draft().record(look.site, ProjectRemovalBlocked{std::move(why)});
  look.run.draft().settle(look.site);
  return look.run.done();
}

/// The site is gone; the last one of a platform that is to go takes the platform with it.
Outcome ended(Run& run, SiteRow& site, const std::optional<PlatformRow>& platform,
              RemovedProject project) {
  Draft& draft = run.draft();
  draft.record(site, SiteDeleted{project});
  draft.settle(site);
  const bool leaves = platform && platform->deletion && !platform->deleted_ms;
  if (leaves) draft.look_at(*platform, run.now_ms());
  return run.done();
}

/// The same, and another site may have its place.
Outcome gone(const Look& look, RemovedProject project) {
  auto resting = sites_without_room(look.run);
  if (look.run.incomplete()) return look.run.need();
  free_place(look.run, look.holder, look.site);
  wake(look.run, std::move(resting), free_places(look.holder));
  return ended(look.run, look.site, look.platform, project);
}

/// What an answer that is not the wanted one leads to: a wait, or a rest.
Outcome not_answered(const Look& look, const Answer& answer) {
  switch (classify(answer)) {
    case Verdict::retry_after:
      return later(look, wait_ms(answer, look.run.now_ms()));
    case Verdict::rejected: {
      const Failure upstream = refusal(first_error(look.run, answer));
      return rest(look, failure(ErrorCode::removal_rejected, upstream.detail));
    }
    case Verdict::ok:
    case Verdict::unknown:
      return unclear(look);
  }
  __builtin_unreachable();
}

/// Writes down that deletions are about to be sent.
void begin(const Look& look, RemovalStep step, size_t items, size_t left) {
  Draft& draft = look.run.draft();
  draft.record(look.site, ProjectRemovalStarted{step, static_cast<int64_t>(items),
                                                static_cast<int64_t>(left)});
  draft.look_at(look.site, look.run.now_ms() + limits::removal_lease_ms);
}

/// Whether the deletion of a part need not be sent again: it is gone, or goes with the project.
bool is_settled(Run& run, const Answer& sent) {
  if (classify(sent) == Verdict::ok) return true;
  if (classify(sent) != Verdict::rejected) return false;
  const int64_t code = first_error(run, sent).code;
  return code == pages::project_unknown || code == pages::deployment_unknown ||
         code == pages::domain_unknown || code == pages::deployment_is_served;
}

/// Sends the first of these deletions; `left` is how many there are in all. Each is a round of the
/// run, and with the looks before them they stay below the 16 that a run may have.
Outcome remove_parts(const Look& look, RemovalStep step, const std::vector<Request>& requests,
                     size_t left) {
  const size_t items = std::min(requests.size(), limits::removals_per_look);
  begin(look, step, items, left);
  for (size_t i = 0; i < items; ++i) {
    const std::string key =
        concat("act:remove_", name_of(step), ":", to_text(static_cast<int64_t>(i)));
    const Answer* sent = look.run.act(key, requests[i]);
    if (sent == nullptr) return look.run.act_now();
    if (!is_settled(look.run, *sent)) return not_answered(look, *sent);
  }
  return later(look, items < left ? limits::removal_pause_ms : short_pause_ms);
}

Outcome remove_domains(const Look& look, const pages::DomainsEnvelope& domains) {
  std::vector<Request> requests;
  requests.reserve(domains.result.size());
  for (const pages::Named& domain : domains.result) {
    requests.push_back(pages::delete_domain(look.account, look.site.project_name, domain.name));
  }
  return remove_parts(look, RemovalStep::domains, requests, requests.size());
}

/// The served deployment stays: it goes with the project.
Outcome remove_deployments(const Look& look, const pages::DeploymentPage& page,
                           std::string_view served) {
  std::vector<Request> requests;
  for (const pages::Identified& deployment : page.result) {
    if (deployment.id == served) continue;
    requests.push_back(
        pages::delete_deployment_forced(look.account, look.site.project_name, deployment.id));
  }
  const auto left = static_cast<size_t>(std::max<int64_t>(page.result_info.total_count, 0));
  return remove_parts(look, RemovalStep::deployments, requests, std::max(left, requests.size()));
}

const Answer* ask_deployments(const Look& look) {
  return look.run.ask("look:deployments",
                      pages::list_all_deployments(look.account, look.site.project_name));
}

Outcome remove_whole(const Look& look, std::string_view served) {
  begin(look, RemovalStep::project, 1, 1);
  const Answer* sent = look.run.act("act:remove_project",
                                    pages::delete_project(look.account, look.site.project_name));
  if (sent == nullptr) return look.run.act_now();
  if (classify(*sent) == Verdict::ok) return gone(look, RemovedProject::removed);
  if (classify(*sent) != Verdict::rejected) return not_answered(look, *sent);
  const int64_t code = first_error(look.run, *sent).code;
  if (code == pages::project_unknown) return gone(look, RemovedProject::removed);
  if (code == pages::domains_left) return later(look, short_pause_ms);
  if (code != pages::too_many_deployments) return not_answered(look, *sent);
  const Answer* listed = ask_deployments(look);
  if (listed == nullptr) return look.run.need();
  const auto page = look.run.read_answer<pages::DeploymentPage>(*listed);
  if (classify(*listed) != Verdict::ok || !page) return not_answered(look, *listed);
  return remove_deployments(look, *page, served);
}

/// Domains first; then deployments as long as there are known to be too many; then the project.
Outcome remove_next(const Look& look, const Answer& domains, std::string_view served) {
  const auto named = look.run.read_answer<pages::DomainsEnvelope>(domains);
  if (classify(domains) != Verdict::ok || !named) return not_answered(look, domains);
  if (!named->result.empty()) return remove_domains(look, *named);
  const bool many = look.site.removal && look.site.removal->step == RemovalStep::deployments;
  if (!many) return remove_whole(look, served);
  const Answer* listed = ask_deployments(look);
  if (listed == nullptr) return look.run.need();
  const auto page = look.run.read_answer<pages::DeploymentPage>(*listed);
  if (classify(*listed) != Verdict::ok || !page) return not_answered(look, *listed);
  const bool still = page->result_info.total_count > limits::deletable_deployments_max;
  return still ? remove_deployments(look, *page, served) : remove_whole(look, served);
}

}  // namespace

Outcome remove_unplaced(Run& run, SiteRow& site) {
  const auto platform = run.row<PlatformRow>("platform", site.platform_id);
  if (run.incomplete()) return run.need();
  return ended(run, site, platform, RemovedProject::absent);
}

Outcome remove_project(Run& run, SiteRow& site, AccountRow& holder) {
  if (site.blocked) {
    run.draft().settle(site);
    return run.done();
  }
  const auto platform = run.row<PlatformRow>("platform", site.platform_id);
  const pages::Account account = account_at(holder);
  const Look look{run, site, holder, account, platform};
  if (!run.has_credential(account.credential)) {
    return rest(look, failure(ErrorCode::credential_missing, account.credential));
  }
  const Answer* found = run.ask("look:project", pages::get_project(account, site.project_name));
  const Answer* domains = run.ask("look:domains", pages::list_domains(account, site.project_name));
  if (found == nullptr || domains == nullptr || run.incomplete()) return run.need();
  if (classify(*found) == Verdict::rejected &&
      first_error(run, *found).code == pages::project_unknown) {
    const bool ours = site.removal && site.removal->step == RemovalStep::project;
    return gone(look, ours ? RemovedProject::removed : RemovedProject::absent);
  }
  const auto envelope = read_project<pages::ProjectEnvelope>(run, *found, site.project_name);
  const auto serves = run.read_answer<pages::ServedProjectEnvelope>(*found);
  if (classify(*found) != Verdict::ok || !envelope || !serves) return not_answered(look, *found);
  const std::string id = site_id(site.platform_id, site.environment);
  if (pages::marked_site(envelope->result) != id) return gone(look, RemovedProject::not_ours);
  const auto& served = serves->result.canonical_deployment;
  return remove_next(look, *domains, served ? served->id : std::string_view());
}

}  // namespace slipway
