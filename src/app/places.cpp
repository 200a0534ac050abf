#include "app/places.hpp"

#include <algorithm>
#include <utility>

#include "app/operation_view.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

std::string id_of(const SiteRow& site) { return site_id(site.platform_id, site.environment); }

bool may_take(const Run& run, const AccountRow& account) {
  return free_places(account) > 0 && run.has_credential(concat("cloudflare:", account.name));
}

/// The account whose turn comes first; of several the one with the most room. Null: none has any.
AccountRow* choose(const Run& run, std::vector<AccountRow>& accounts) {
  AccountRow* best = nullptr;
  int64_t best_ms = 0;
  for (AccountRow& account : accounts) {
    if (!may_take(run, account)) continue;
    const int64_t begins_ms = next_turn(account, run.now_ms()).begins_ms;
    const bool better = best == nullptr || begins_ms < best_ms ||
                        (begins_ms == best_ms && free_places(account) > free_places(*best));
    if (!better) continue;
    best = &account;
    best_ms = begins_ms;
  }
  return best;
}

/// Why an account takes no site, in a few words.
std::string why_not(const Run& run, const AccountRow& account) {
  if (!run.has_credential(concat("cloudflare:", account.name))) return "no token";
  if (account.reason) return concat(name_of(account.state), ", ", account.reason->code);
  return concat("all ", to_text(account.capacity), " places are taken");
}

Failure none_left(const Run& run, const std::vector<AccountRow>& accounts) {
  constexpr size_t shown = 5;
  std::string detail;
  size_t count = 0;
  for (const AccountRow& account : accounts) {
    if (!is_registered(account) || ++count > shown) continue;
    detail.append(detail.empty() ? "" : "; ").append(account.name).append(": ");
    detail.append(why_not(run, account));
  }
  if (count > shown) detail.append("; and so on");
  return failure(no_place, detail.empty() ? "no account is registered" : detail);
}

void place(Run& run, std::vector<AccountRow>& accounts, SiteRow& site) {
  Draft& draft = run.draft();
  AccountRow* account = choose(run, accounts);
  if (account == nullptr) {
    draft.record(site, SiteBlocked{none_left(run, accounts)});
    draft.settle(site);
    return;
  }
  const Turn turn = next_turn(*account, run.now_ms());
  draft.record(*account, PlaceTaken{id_of(site), turn.paced_ms});
  draft.record(site, SitePlaced{account->name, turn.begins_ms});
  draft.look_at(site, turn.begins_ms);
}

}  // namespace

void register_own_account(Run& run, const std::vector<AccountRow>& accounts) {
  const std::string name(run.setting("CF_ACCOUNT_NAME"));
  const bool known = std::any_of(accounts.begin(), accounts.end(),
                                 [&](const AccountRow& account) { return account.name == name; });
  AccountRow account;
  account.name = name;
  if (!known) register_account(run, account);
}

void register_account(Run& run, AccountRow& account) {
  const bool own = account.name == run.setting("CF_ACCOUNT_NAME");
  if (!own || !run.has_credential(concat("cloudflare:", account.name))) return;
  run.draft().record(account,
                     AccountRegistered{account.name, std::string(run.setting("CF_ACCOUNT_ID")),
                                       limits::account_projects, std::nullopt});
}

Outcome place_sites(Run& run, const SiteRow& site) {
  auto accounts = run.query<AccountRow>("accounts", {});
  auto others = run.query<SiteRow>("sites_at_place", {"creating:", number(limits::placements_max)});
  auto resting = sites_without_room(run);
  if (run.incomplete()) return run.need();
  SiteRow first = site;
  place(run, accounts, first);
  for (SiteRow& other : others) {
    if (id_of(other) != id_of(site)) place(run, accounts, other);
  }
  int64_t room = 0;
  for (const AccountRow& account : accounts) {
    if (may_take(run, account)) room += free_places(account);
  }
  wake(run, std::move(resting), room);
  return run.done();
}

std::vector<SiteRow> sites_without_room(Run& run) {
  return run.query<SiteRow>("sites_blocked_by",
                            {std::string(info(no_place).name), number(limits::placements_max)});
}

void wake(Run& run, std::vector<SiteRow> resting, int64_t places) {
  for (SiteRow& site : resting) {
    if (--places < 0) return;
    run.draft().record(site, SiteUnblocked{"an account has room"});
    run.draft().look_at(site, run.now_ms());
  }
}

std::vector<SiteRow> sites_on_their_way(Run& run, const AccountRow& account) {
  return run.query<SiteRow>("sites_at_place",
                            {concat("creating:", account.name), number(limits::account_projects)});
}

void displace(Run& run, AccountRow& account, SiteRow& site, std::string_view why) {
  const bool unused = site.waiting && site.waiting->until_ms > run.now_ms();
  const int64_t paced_ms =
      unused ? paced_without(account, site.waiting->until_ms) : account.paced_ms;
  run.draft().record(account, PlaceFreed{id_of(site), paced_ms});
  run.draft().record(site, SiteDisplaced{std::string(why)});
  // What was uploaded has gone with its project, and nobody could look at it: built again later.
  if (waits_for_verification(site)) {
    const Failure gone = failure(ErrorCode::content_mismatch, "its project is gone");
    run.draft().record(site, DeploymentFailed{site.active->id, gone, true});
  }
  run.draft().look_at(site, run.now_ms());
}

void displace_waiting(Run& run, AccountRow& account, std::vector<SiteRow>& sites,
                      std::string_view why, std::string_view except) {
  for (SiteRow& site : sites) {
    const bool waits = site.waiting && site.waiting->until_ms > run.now_ms();
    if (waits && is_untouched(site) && id_of(site) != except) displace(run, account, site, why);
  }
}

void take_place(Run& run, AccountRow& account, const SiteRow& site) {
  run.draft().record(account, PlaceTaken{id_of(site), account.paced_ms});
}

void free_place(Run& run, AccountRow& account, const SiteRow& site) {
  run.draft().record(account, PlaceFreed{id_of(site), account.paced_ms});
  if (account.state == AccountState::full) {
    run.draft().record(account, AccountOpened{run.caller().author});
  }
}

}  // namespace slipway
