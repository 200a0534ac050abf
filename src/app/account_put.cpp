// PUT and DELETE /api/v1/accounts/{name}: what a person says of an account. What is as it should be
// changes nothing. Sites that wait for their turn look for a place again when the account's pace or
// state changes; sites that found no room go on when there is some.
#include <algorithm>
#include <utility>

#include "app/account_view.hpp"
#include "app/operations.hpp"
#include "app/places.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

void check(std::vector<Issue>& issues, const std::optional<int64_t>& value, int64_t max,
           std::string_view pointer) {
  if (!value || (*value >= 1 && *value <= max)) return;
  issues.push_back({std::string(pointer), "field.value", concat("must be 1 to ", to_text(max))});
}

std::vector<Issue> issues_of(const Run& run, const AccountPutBody& body) {
  std::vector<Issue> issues;
  if (!is_account_name(run.param("name"))) {
    issues.push_back(
        {"", "field.value",
         "the path must end in a name: lower-case letters and digits in words joined by "
         "single dashes, at most 40 characters"});
  }
  check(issues, body.capacity, limits::account_projects_max, "/capacity");
  check(issues, body.daily_creations, limits::account_daily_creations_max, "/dailyCreations");
  if (body.rate_owner && !is_account_name(*body.rate_owner)) {
    issues.push_back({"/rateOwner", "field.value", "must be a name like that of an account"});
  }
  return issues;
}

/// What speaks against the account's id, or against one account more.
std::optional<Error> conflict(const std::vector<AccountRow>& accounts, std::string_view name,
                              const AccountPutBody& body) {
  size_t registered = 0;
  const AccountRow* own = nullptr;
  for (const AccountRow& account : accounts) {
    if (!is_registered(account)) continue;
    ++registered;
    if (account.name == name) {
      own = &account;
    } else if (account.cloudflare_id == body.cloudflare_id.text) {
      return Error{ErrorCode::account_duplicate, account.name, {}};
    }
  }
  if (own == nullptr && registered >= limits::accounts_max) {
    return Error{ErrorCode::body_invalid, "there are 50 accounts already, which is the most", {}};
  }
  if (own != nullptr && own->sites > 0 && own->cloudflare_id != body.cloudflare_id.text) {
    return Error{ErrorCode::account_in_use, "its sites are in the Cloudflare account it has", {}};
  }
  return std::nullopt;
}

/// The account as the events of the request leave it.
void change(Run& run, AccountRow& account, const AccountPutBody& body, bool is_new) {
  Draft& draft = run.draft();
  const auto daily = body.daily_creations ? body.daily_creations : account.daily_creations;
  if (is_new) {
    draft.record(account, AccountRegistered{account.name, body.cloudflare_id.text,
                                            body.capacity.value_or(limits::account_projects),
                                            body.daily_creations, body.rate_owner});
  } else {
    const AccountChanged wanted{body.cloudflare_id.text, body.capacity.value_or(account.capacity),
                                daily, body.rate_owner};
    const bool same = wanted.cloudflare_id == account.cloudflare_id &&
                      wanted.capacity == account.capacity && daily == account.daily_creations &&
                      body.rate_owner.value_or(account.rate_owner) == account.rate_owner;
    if (!same) draft.record(account, wanted);
  }
  const std::string& author = run.caller().author;
  if (body.state == AccountWish::open && account.state != AccountState::open) {
    draft.record(account, AccountOpened{author});
  }
  if (body.state == AccountWish::closed && account.state != AccountState::closed) {
    draft.record(account,
                 AccountClosed{failure(ErrorCode::account_closed, concat("closed by ", author))});
  }
}

}  // namespace

Outcome account_put(Run& run) {
  AccountPutBody body;
  if (const auto error = run.read_body(body)) return run.fail(*error);
  auto issues = issues_of(run, body);
  if (!issues.empty()) return run.fail({ErrorCode::body_invalid, "", std::move(issues)});
  const auto accounts = run.query<AccountRow>("accounts", {});
  AccountRow account = run.row<AccountRow>("account", run.param("name")).value_or(AccountRow{});
  auto resting = sites_without_room(run);
  account.name = std::string(run.param("name"));
  auto waiting = sites_on_their_way(run, account);
  if (run.incomplete()) return run.need();
  if (auto error = conflict(accounts, run.param("name"), body)) return run.fail(*error);

  const bool is_new = !is_registered(account);
  const bool other_pace = body.daily_creations && body.daily_creations != account.daily_creations;
  const bool closes = body.state == AccountWish::closed && account.state == AccountState::open;
  if (!is_new && (other_pace || closes)) {
    displace_waiting(run, account, waiting, "a person changed the account");
  }
  change(run, account, body, is_new);
  if (run.has_credential(concat("cloudflare:", account.name))) {
    wake(run, std::move(resting), free_places(account));
  }
  const std::string view = to_json(view_of(run, account));
  if (run.query_param("dryRun") == "true") run.draft().committed();
  return run.reply(200, view);
}

Outcome account_remove(Run& run) {
  auto account = run.row<AccountRow>("account", run.param("name"));
  if (run.incomplete()) return run.need();
  if (!account) return run.fail({ErrorCode::account_unknown, "", {}});
  if (!is_registered(*account)) return run.reply(204, "");
  if (account->sites > 0) {
    return run.fail({ErrorCode::account_in_use, concat(to_text(account->sites), " of them"), {}});
  }
  run.draft().record(*account, AccountRemoved{run.caller().author});
  return run.reply(204, "");
}

}  // namespace slipway
