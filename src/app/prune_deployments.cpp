// Old deployments of a site: Pages refuses to delete a project with more than 100 (8000076), and
// nobody reads so many. The newest are kept, here and there; what is served, or has an alias, is
// never deleted. Nothing is remembered of it: the list at Pages says what is left to do.
#include <algorithm>

#include "app/at_pages.hpp"
#include "app/effects.hpp"
#include "app/operation_view.hpp"
#include "app/retention.hpp"
#include "base/text.hpp"
#include "upstream/classify.hpp"

namespace slipway {
namespace {

constexpr int64_t rows_max = 50;

/// Our own rows beyond the newest that are old enough. The live one is never among them.
std::vector<OldRow> old_rows(Run& run, const SiteRow& site, const std::string& id) {
  std::vector<OldRow> out;
  const auto rows = run.query<Deployment>("deployments_beyond",
                                          {id, number(limits::deployments_kept), number(rows_max)});
  for (const Deployment& row : rows) {
    const bool live = site.live && site.live->deployment_id == row.id;
    const bool young = row.created_ms > run.now_ms() - limits::deployment_kept_ms;
    if (!live && !young && is_terminal(row.state)) out.push_back({row.id});
  }
  return out;
}

/// The Pages deployments of a page that may go: neither what is served nor what has an alias.
std::vector<std::string> deletable(const SiteRow& site, const std::optional<Deployment>& live,
                                   const pages::DeploymentsEnvelope& page) {
  std::vector<std::string> ids;
  for (const pages::PagesDeployment& deployment : page.result) {
    const auto& message = deployment.deployment_trigger.metadata.commit_message.value_or("");
    const bool served = (live && live->pages_deployment_id == deployment.id) ||
                        (site.live && message.find(site.live->deployment_id) != std::string::npos);
    if (served || !deployment.aliases.empty()) continue;
    ids.push_back(deployment.id);
  }
  // The oldest come last.
  std::reverse(ids.begin(), ids.end());
  return ids;
}

void look_again(Run& run, const SiteRow& site, std::optional<int64_t> due_at_ms) {
  run.draft().resend(
      {prune_key(site_id(site.platform_id, site.environment)), site.seq, due_at_ms, std::nullopt});
}

/// Deletes a few, one after the other. One that Pages keeps is left to it.
Outcome delete_some(Run& run, const SiteRow& site, const pages::Account& at,
                    const std::vector<std::string>& ids) {
  int64_t tried = 0;
  int64_t deleted = 0;
  for (const std::string& id : ids) {
    if (tried++ == limits::pages_deletes_max) break;
    look_again(run, site, run.now_ms() + limits::act_lease_ms);
    const Answer* gone = run.act(concat("act:delete_deployment:", id),
                                 pages::delete_deployment(at, site.project_name, id));
    if (gone == nullptr) return run.act_now();
    const Verdict verdict = classify(*gone);
    if (verdict == Verdict::ok) ++deleted;
    if (verdict == Verdict::retry_after) {
      look_again(run, site, run.now_ms() + wait_ms(*gone, run.now_ms()));
      return run.done();
    }
    if (verdict == Verdict::unknown) break;
  }
  // Where nothing can be deleted there is nothing to come back for: the next deployment asks again.
  const auto again =
      deleted > 0 ? std::optional(run.now_ms() + limits::prune_pause_ms) : std::nullopt;
  look_again(run, site, again);
  return run.done();
}

}  // namespace

Outcome prune_deployments(Run& run, std::string_view site_id) {
  const std::string id(site_id);
  const bool due = is_due(run, prune_key(id));
  const auto site = run.row<SiteRow>("site", id);
  if (run.incomplete()) return run.need();
  if (!due) return run.done();
  if (!site) {
    settle_unknown(run, prune_key(id));
    return run.done();
  }
  const auto account = run.row<AccountRow>("account", site->account);
  const auto old = old_rows(run, *site, id);
  const auto live = site->live ? run.row<Deployment>("deployment", site->live->deployment_id)
                               : std::optional<Deployment>();
  if (run.incomplete()) return run.need();
  run.draft().forget("deployment", old);
  if (!account || site->state != SiteState::ready) {
    look_again(run, *site, std::nullopt);
    return run.done();
  }
  const pages::Account at = account_at(*account);
  const Answer* list =
      run.ask("look:old_deployments",
              pages::list_deployments_from(at, site->project_name, limits::deployments_kept));
  if (list == nullptr) return run.need();
  const auto page = run.read_answer<pages::DeploymentsEnvelope>(*list);
  if (classify(*list) != Verdict::ok || !page) {
    look_again(run, *site, run.now_ms() + wait_ms(*list, run.now_ms()));
    return run.done();
  }
  return delete_some(run, *site, at, deletable(*site, live, *page));
}

}  // namespace slipway
