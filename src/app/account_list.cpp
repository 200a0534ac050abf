// GET /api/v1/accounts.
#include "app/account_view.hpp"
#include "app/operations.hpp"
#include "base/text.hpp"

namespace slipway {

AccountView view_of(const Run& run, const AccountRow& account) {
  AccountView out;
  out.name = account.name;
  out.cloudflare_id = account.cloudflare_id;
  out.state = account.state;
  out.reason = account.reason;
  out.credential = run.has_credential(concat("cloudflare:", account.name));
  out.capacity = account.capacity;
  out.sites = account.sites;
  out.daily_creations = daily_creations(account, run.now_ms());
  out.registered_at = to_rfc3339(account.registered_ms);
  out.rate_owner = account.rate_owner;
  if (free_places(account) > 0) {
    out.next_creation_at = to_rfc3339(next_turn(account, run.now_ms()).begins_ms);
  } else if (account.state == AccountState::open) {
    out.state = AccountState::full;
    out.reason = failure(ErrorCode::project_limit, concat("all ", to_text(account.capacity),
                                                          " places are taken by sites of Slipway"));
  }
  return out;
}

Outcome account_list(Run& run) {
  const auto accounts = run.query<AccountRow>("accounts", {});
  if (run.incomplete()) return run.need();
  AccountList list;
  for (const AccountRow& account : accounts) {
    if (is_registered(account)) list.items.push_back(view_of(run, account));
  }
  return run.reply(200, to_json(list));
}

}  // namespace slipway
