// POST .../publishing/publish, its publications, and looking at an org: its project is provisioned,
// an old hook retired, its publication followed. Level-triggered: only what is now counts.
#include "app/at_pages.hpp"
#include "app/effects.hpp"
#include "app/fleet.hpp"
#include "app/follow_publication.hpp"
#include "app/known_org.hpp"
#include "app/operations.hpp"
#include "app/paging.hpp"
#include "app/provision.hpp"
#include "app/publishing_settings.hpp"
#include "app/publishing_views.hpp"
#include "app/update_project.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

/// The account that the org's builds are read in; nothing where this instance can read none.
std::optional<pages::Account> account_of(Run& run, const OrgRow& org) {
  const std::string name = org.account.empty() ? publishing_account(run) : org.account;
  const auto account = run.row<AccountRow>("account", name);
  if (!account || !is_registered(*account)) return std::nullopt;
  const pages::Account at = account_at(*account);
  return run.has_credential(at.credential) ? std::optional(at) : std::nullopt;
}

/// Nothing is under way: what is long past is forgotten.
Outcome rest(Run& run, const OrgRow& org) {
  const auto old = run.query<Publication>(
      "publications_beyond",
      {org.slug, number(limits::publications_kept), number(limits::publications_pruned_max)});
  if (run.incomplete()) return run.need();
  std::vector<OldRow> rows;
  rows.reserve(old.size());
  for (const Publication& publication : old) rows.push_back({publication.id});
  run.draft().forget("publication", rows);
  run.draft().settle(org);
  return run.done();
}

std::string address_of(const Run& run, const Publication& publication) {
  const std::string_view org_id = run.param("orgId");
  const std::string below = concat("/publishing/publications/", publication.id);
  if (org_id.empty()) return concat("/api/v1/orgs/", publication.slug, below);
  return concat("/me/orgs/", url_component(org_id), below);
}

}  // namespace

Outcome publish(Run& run) {
  auto org = known_org(run);
  const auto frost = frozen(run);
  if (run.incomplete()) return run.need();
  if (!org) return run.fail({ErrorCode::org_unknown, "", {}});
  if (!can_publish(*org)) return run.fail({ErrorCode::publishing_nothing, "", {}});
  if (frost) return run.fail({ErrorCode::fleet_frozen, frost->reason, {}});
  const std::string& author = run.caller().author;
  if (!org->active) {
    plan_publication(run, *org, author);
  } else if (!org->active->again_by) {
    run.draft().record(*org, PublicationWished{org->active->id, author});
  }
  Map<std::string> headers;
  headers.members.emplace_back("location", address_of(run, *org->active));
  return run.reply(202, to_json(view_of(*org->active)), std::move(headers));
}

Outcome publication_list(Run& run) {
  const auto page = read_page(run);
  const auto org = known_org(run);
  if (run.incomplete()) return run.need();
  if (!org) return run.fail({ErrorCode::org_unknown, "", {}});
  const auto rows = run.query<Publication>("publications_of_org",
                                           {org->slug, page.cursor, number(page.limit + 1)});
  if (run.incomplete()) return run.need();
  PublicationList list;
  for (const Publication& row : rows) {
    if (static_cast<int64_t>(list.items.size()) == page.limit) {
      list.next_cursor = list.items.back().publication_id;
      break;
    }
    list.items.push_back(view_of(row));
  }
  return run.reply(200, to_json(list));
}

Outcome publication_read(Run& run) {
  const auto org = known_org(run);
  const auto row = run.row<Publication>("publication", run.param("publicationId"));
  if (run.incomplete()) return run.need();
  if (!org) return run.fail({ErrorCode::org_unknown, "", {}});
  if (!row || row->slug != org->slug) return run.fail({ErrorCode::publication_unknown, "", {}});
  return run.reply_or_hold(to_json(view_of(*row)), row->seq,
                           is_terminal(row->state) ? Progress::ended : Progress::moves);
}

Outcome look_at_org(Run& run, std::string_view slug) {
  const std::string key = concat("org:", slug);
  const bool due = is_due(run, key);
  auto org = run.row<OrgRow>("org", slug);
  (void)frozen(run);
  if (run.incomplete()) return run.need();
  if (due && !org) settle_unknown(run, key);
  if (!due || !org) return run.done();
  const auto at = account_of(run, *org);
  if (run.incomplete()) return run.need();

  const bool provisions = org->state == OrgState::creating || org->state == OrgState::connecting;
  if (provisions) {
    if (!at || publishing_gap(run)) {
      const Failure gap = failure(ErrorCode::publishing_not_configured,
                                  publishing_gap(run).value_or("the account is not registered"));
      run.draft().record(*org, PublishingBlocked{gap});
      run.draft().look_at(*org, run.now_ms());
      return run.done();
    }
    if (auto outcome = provision(run, *org, *at, git_project_of(run, *org))) {
      return *std::move(outcome);
    }
    return run.done();
  }
  if (org->outdated_ms && org->host && at && !publishing_gap(run)) {
    if (auto outcome = update_project(run, *org, *at, git_project_of(run, *org))) {
      return *std::move(outcome);
    }
    if (!org->active) return run.done();
  }
  if (org->retiring && at) {
    if (auto outcome = retire_hook(run, *org, *at)) return *std::move(outcome);
  }
  if (org->active) return follow_publication(run, *org, at);
  // Another look at the old hook is promised.
  if (org->retiring && at) return run.done();
  return rest(run, *org);
}

}  // namespace slipway
