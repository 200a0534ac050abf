// An org's publishing: how it stands, its provisioning with one request, its deploy hooks. The same
// for the org's people under /me/orgs/{orgId}/publishing and for operators under
// /api/v1/orgs/{slug}/publishing.
#include <utility>

#include "app/at_pages.hpp"
#include "app/known_org.hpp"
#include "app/operations.hpp"
#include "app/places.hpp"
#include "app/provision.hpp"
#include "app/publishing_settings.hpp"
#include "app/publishing_views.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

/// The org and the account that its project is in, or would be.
struct Found {
  OrgRow org;
  AccountRow account;
};

/// Reads them; `outcome` where the round must end.
std::optional<Outcome> find(Run& run, Found& found) {
  auto org = known_org(run);
  if (run.incomplete()) return run.need();
  if (!org) return run.fail({ErrorCode::org_unknown, "", {}});
  const std::string name = org->account.empty() ? publishing_account(run) : org->account;
  found.account = run.row<AccountRow>("account", name).value_or(AccountRow{});
  if (run.incomplete()) return run.need();
  found.account.name = name;
  found.org = *std::move(org);
  return std::nullopt;
}

PublishingView shown(Run& run, const Found& found) {
  return publishing_view(run, found.org, found.account.cloudflare_id);
}

ProvisionedView provisioned(Run& run, const Found& found) {
  const PublishingView view = shown(run, found);
  return {found.org.project_name, view.project_url, std::nullopt, view};
}

/// Its reply hands out the hook that is stored.
Outcome reply_with_hook(Run& run, const Found& found) {
  run.hand_out_sealed("deployHookUrl", present(found.org.hook).sealed_id, hook_address);
  return run.reply(200, to_json(provisioned(run, found)));
}

/// The failure of a blocked org as an answer. What led to it is recorded.
Outcome reply_blocked(Run& run, const OrgRow& org) {
  const Failure& why = present(org.failure);
  for (const ErrorInfo& error : error_table) {
    if (error.name == why.code) return run.fail_and_record({error.code, why.detail, {}});
  }
  stop_on_damage();
}

/// Goes as far as it can now, and tells how far that was: without the hook in its reply it goes on
/// by itself.
Outcome go_on(Run& run, Found& found) {
  const pages::Account at = account_at(found.account);
  OrgRow& org = found.org;
  if (auto outcome = provision(run, org, at, git_project_of(run, org))) return *std::move(outcome);
  if (org.state == OrgState::blocked) return reply_blocked(run, org);
  if (org.state == OrgState::ready) return reply_with_hook(run, found);
  return run.reply(200, to_json(provisioned(run, found)));
}

/// Whether another request's creation may still be answered: two at once could make two hooks, and
/// one of them would be in no list.
bool is_under_way(const Run& run, const OrgRow& org) {
  const bool provisions = org.state == OrgState::creating || org.state == OrgState::connecting;
  return provisions && run.now_ms() < org.updated_ms + limits::act_lease_ms;
}

/// Gives the org a place in the account, where it has none.
std::optional<Error> take_place(Run& run, Found& found) {
  AccountRow& account = found.account;
  if (!is_registered(account)) register_account(run, account);
  if (!is_registered(account)) {
    return Error{ErrorCode::publishing_not_configured, concat("the account ", account.name), {}};
  }
  if (found.org.placed) return std::nullopt;
  if (free_places(account) == 0) {
    return Error{
        ErrorCode::project_limit, concat("the account ", account.name, " takes no site"), {}};
  }
  const Turn turn = next_turn(account, run.now_ms());
  run.draft().record(account, PlaceTaken{aggregate_of(found.org), turn.paced_ms});
  return std::nullopt;
}

}  // namespace

Outcome publishing_read(Run& run) {
  Found found;
  if (auto outcome = find(run, found)) return *std::move(outcome);
  return run.reply_or_hold(to_json(shown(run, found)), found.org.seq,
                           rests(found.org) ? Progress::rests : Progress::moves);
}

Outcome publishing_provision(Run& run) {
  Found found;
  if (auto outcome = find(run, found)) return *std::move(outcome);
  OrgRow& org = found.org;
  if (org.state == OrgState::ready || is_under_way(run, org)) {
    return run.reply(200, to_json(provisioned(run, found)));
  }
  if (const auto gap = publishing_gap(run)) {
    return run.fail({ErrorCode::publishing_not_configured, concat("missing: ", *gap), {}});
  }
  if (org.state == OrgState::unset || org.state == OrgState::blocked) {
    if (const auto error = take_place(run, found)) return run.fail(*error);
    run.draft().record(org, ProvisionRequested{found.account.name, org_project_name(org.slug),
                                               run.caller().author});
    run.draft().look_at(org, run.now_ms() + limits::act_lease_ms);
  }
  return go_on(run, found);
}

Outcome publishing_rotate(Run& run) {
  Found found;
  if (auto outcome = find(run, found)) return *std::move(outcome);
  OrgRow& org = found.org;
  const bool goes_on = org.state == OrgState::connecting && org.hook;
  if (!goes_on && (org.state != OrgState::ready || org.retiring)) {
    return run.fail({ErrorCode::publishing_not_ready, "", {}});
  }
  if (is_under_way(run, org)) return run.reply(200, to_json(provisioned(run, found)));
  if (const auto gap = publishing_gap(run)) {
    return run.fail({ErrorCode::publishing_not_configured, concat("missing: ", *gap), {}});
  }
  if (!goes_on) run.draft().record(org, HookRotationRequested{run.caller().author});
  return go_on(run, found);
}

Outcome publishing_reveal(Run& run) {
  Found found;
  if (auto outcome = find(run, found)) return *std::move(outcome);
  OrgRow& org = found.org;
  if (!can_publish(org)) return run.fail({ErrorCode::publishing_no_hook, "", {}});
  run.draft().record(org, HookRevealed{run.caller().author});
  const std::string id = org.manual ? org.manual->sealed_id : org.hook->sealed_id;
  run.hand_out_sealed("deployHookUrl", id, hook_address);
  const HookSource source = org.manual ? HookSource::manual : HookSource::automatic;
  return run.reply(200, to_json(RevealedView{source, std::nullopt}));
}

Outcome manual_hook_put(Run& run) {
  ManualHookBody body;
  if (const auto error = run.read_body(body)) return run.fail(*error);
  std::vector<Issue> issues;
  const auto hook_id = hook_id_of(body.deploy_hook_url);
  if (!hook_id) {
    issues.push_back({"/deployHookUrl", "field.value",
                      concat("must be the URL of a Cloudflare Pages deploy hook: ", hook_address,
                             " and its id, nothing else")});
  }
  const std::string project = body.project_name.value_or("project");
  if (!is_project_name(project)) {
    issues.push_back({"/projectName", "field.value",
                      "must be the name of a Pages project: 1 to 58 lower-case letters, digits "
                      "and dashes, no dash at an end"});
  }
  if (!issues.empty()) return run.fail({ErrorCode::body_invalid, "", std::move(issues)});
  Found found;
  if (auto outcome = find(run, found)) return *std::move(outcome);
  if (!run.has_credential(sealing_credential)) {
    return run.fail({ErrorCode::publishing_not_configured, "missing: the secret SEALING_KEY", {}});
  }
  OrgRow& org = found.org;
  if (org.manual) run.draft().forget("sealed", {OldRow{org.manual->sealed_id}});
  const std::string id = concat("hook:", org.slug, "/", run.new_id("manual-"));
  run.draft().seal(id, std::string(*hook_id));
  run.draft().record(
      org, ManualHookSet{id, shown_end(*hook_id), body.project_name, run.caller().author});
  return run.reply(200, to_json(shown(run, found)));
}

Outcome manual_hook_remove(Run& run) {
  Found found;
  if (auto outcome = find(run, found)) return *std::move(outcome);
  OrgRow& org = found.org;
  if (org.manual) {
    run.draft().forget("sealed", {OldRow{org.manual->sealed_id}});
    run.draft().record(org, ManualHookRemoved{run.caller().author});
  }
  return run.reply(200, to_json(shown(run, found)));
}

}  // namespace slipway
