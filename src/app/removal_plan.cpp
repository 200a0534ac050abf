#include "app/removal_plan.hpp"

#include <algorithm>

#include "app/at_pages.hpp"
#include "base/text.hpp"
#include "upstream/classify.hpp"
#include "upstream/pages_removal.hpp"

namespace slipway {
namespace {

/// What Cloudflare says of the site's project.
struct AtCloudflare {
  const Answer* project = nullptr;
  const Answer* domains = nullptr;
  const Answer* deployments = nullptr;
};

AtCloudflare ask(Run& run, const SiteRow& site, const pages::Account& account) {
  const std::string id = site_id(site.platform_id, site.environment);
  const std::string& name = site.project_name;
  return {
      run.ask(concat("look:project:", id), pages::get_project(account, name)),
      run.ask(concat("look:domains:", id), pages::list_domains(account, name)),
      run.ask(concat("look:deployments:", id), pages::list_all_deployments(account, name)),
  };
}

void count(std::vector<PlannedStep>& steps, PlanStep step, int64_t count) {
  if (count > 0) steps.push_back({step, count});
}

/// The steps at Cloudflare; or the note, where there are none or they are not known.
void plan(Run& run, const SiteRow& site, const AtCloudflare& at, SiteChangeView& view) {
  if (classify(*at.project) == Verdict::rejected &&
      first_error(run, *at.project).code == pages::project_unknown) {
    view.note = "the project does not exist: nothing is removed at Cloudflare";
    return;
  }
  const auto project = read_project<pages::ProjectEnvelope>(run, *at.project, site.project_name);
  const auto domains = run.read_answer<pages::DomainsEnvelope>(*at.domains);
  const auto deployments = run.read_answer<pages::DeploymentPage>(*at.deployments);
  for (const Answer* answer : {at.project, at.domains, at.deployments}) {
    if (classify(*answer) == Verdict::ok && project && domains && deployments) continue;
    view.note = concat("Cloudflare did not say what there is: ", in_words(*answer));
    return;
  }
  const std::string id = site_id(site.platform_id, site.environment);
  if (pages::marked_site(project->result) != id) {
    view.note = "the project is not ours: nothing is removed at Cloudflare";
    return;
  }
  const int64_t surplus = deployments->result_info.total_count - limits::deletable_deployments_max;
  count(*view.steps, PlanStep::remove_domains, static_cast<int64_t>(domains->result.size()));
  count(*view.steps, PlanStep::remove_deployments, surplus);
  count(*view.steps, PlanStep::remove_project, 1);
}

}  // namespace

SiteChangeView removal_plan(Run& run, const SiteRow& site) {
  SiteChangeView view{site.environment, SiteAction::remove, site.project_name, {}, {}};
  view.steps.emplace();
  count(*view.steps, PlanStep::cancel_deployment, site.active ? 1 : 0);
  if (site.account.empty()) {
    view.note = "the site has no account yet: nothing is removed at Cloudflare";
    return view;
  }
  const auto account = run.row<AccountRow>("account", site.account);
  if (!account) {
    if (!run.incomplete()) stop_on_damage();
    return view;
  }
  const pages::Account cloudflare = account_at(*account);
  if (!run.has_credential(cloudflare.credential)) {
    view.note = concat("the credential ", cloudflare.credential, " is not configured");
    return view;
  }
  const AtCloudflare at = ask(run, site, cloudflare);
  const bool known = at.project != nullptr && at.domains != nullptr && at.deployments != nullptr;
  if (known) plan(run, site, at, view);
  return view;
}

}  // namespace slipway
