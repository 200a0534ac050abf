// GET /api/v1/doctor: what is missing before this instance can do its work, and how to mend it. It
// looks at the storage, GitHub and Cloudflare, and changes nothing.
#include <utility>

#include "app/at_pages.hpp"
#include "app/doctor_views.hpp"
#include "app/operation_view.hpp"
#include "app/operations.hpp"
#include "app/publishing_settings.hpp"
#include "app/readiness.hpp"
#include "app/storage_names.hpp"
#include "base/text.hpp"
#include "upstream/classify.hpp"
#include "upstream/github.hpp"

namespace slipway {
namespace {

using Checks = std::vector<DoctorCheck>;

/// Accounts whose tokens are tried in one call.
constexpr size_t accounts_asked_max = 10;
/// Orgs that are looked at for what they have met.
constexpr int64_t orgs_read_max = 100;

void add(Checks& checks, std::string name, DoctorState state, std::string detail,
         std::string_view next = {}) {
  std::optional<std::string> mend;
  if (!next.empty()) mend = std::string(next);
  checks.push_back({std::move(name), state, std::move(detail), std::move(mend)});
}

void check(Checks& checks, std::string_view name, bool ok, std::string_view good,
           std::string_view bad, std::string_view next,
           DoctorState otherwise = DoctorState::failed) {
  add(checks, std::string(name), ok ? DoctorState::ok : otherwise, std::string(ok ? good : bad),
      ok ? std::string_view() : next);
}

void check_storage(Run& run, Checks& checks) {
  const Readiness facts = read_readiness(run, 1);
  const int64_t now_ms = run.now_ms();
  check(checks, "storage", facts.level.level == storage_level, "the migrations are applied",
        concat("the database is at level ", to_text(facts.level.level), ", this version needs ",
               to_text(storage_level)),
        "Run `wrangler d1 migrations apply DB`.");
  check(checks, "cron", facts.cron && now_ms - facts.cron->at_ms <= limits::ready_cron_ms,
        "it ticked in the last five minutes", "it has not ticked for five minutes",
        "Check [triggers] crons in wrangler.toml, and deploy again.");
  const bool late = !facts.overdue.empty() &&
                    now_ms - present(facts.overdue[0].due_at_ms) > limits::ready_overdue_ms;
  check(checks, "outbox", !late, "nothing is overdue", "promises are overdue for 15 minutes",
        "Check the queue slipway-effects and its consumer in the Cloudflare dashboard.");
  check(checks, "dead_letters", facts.dead_letters.empty(), "there are none",
        "some effects were given up",
        "Read GET /api/v1/dead-letters; POST /api/v1/dead-letters/retry tries them again.",
        DoctorState::warning);
}

/// Whether the token may edit Pages in the account: it is asked for something impossible.
void check_account(Run& run, Checks& checks, const AccountRow& account) {
  const pages::Account at = account_at(account);
  std::string name = concat("cloudflare_token:", account.name);
  if (!run.has_credential(at.credential)) {
    return add(checks, std::move(name), DoctorState::failed, "no token is configured",
               "Set CF_API_TOKEN, or CF_API_TOKEN_<NAME>, with `wrangler secret put`.");
  }
  const Answer* told = run.ask(concat("look:edit:", account.name), pages::probe_edit(at));
  if (told == nullptr) return;
  if (classify(*told) != Verdict::rejected) {
    return add(checks, std::move(name), DoctorState::unknown, in_words(*told), "Try again later.");
  }
  const auto error = first_error(run, *told);
  const auto meaning = pages::meaning(error);
  const bool let_in =
      meaning.code == ErrorCode::project_invalid_name || meaning.code == ErrorCode::project_limit;
  if (let_in || meaning.code == ErrorCode::upstream_rejected) {
    return add(checks, std::move(name), DoctorState::ok, "it may edit Pages");
  }
  const Failure why = refusal(error);
  add(checks, std::move(name), DoctorState::failed, why.detail, why.next);
}

void check_accounts(Run& run, Checks& checks) {
  const auto accounts = run.query<AccountRow>("accounts", {});
  if (run.incomplete()) return;
  size_t asked = 0;
  for (const AccountRow& account : accounts) {
    if (is_registered(account) && ++asked <= accounts_asked_max) {
      check_account(run, checks, account);
    }
  }
  if (asked > 0) return;
  AccountRow own;
  own.name = std::string(run.setting("CF_ACCOUNT_NAME"));
  own.cloudflare_id = std::string(run.setting("CF_ACCOUNT_ID"));
  if (!own.cloudflare_id.empty()) return check_account(run, checks, own);
  add(checks, "cloudflare_token:", DoctorState::failed, "no account is configured",
      "Set CF_ACCOUNT_ID, or register one with PUT /api/v1/accounts/{name}.");
}

void check_builder(Run& run, Checks& checks) {
  if (!run.has_credential("github")) {
    add(checks, "github_token", DoctorState::failed, "no token and no App is configured",
        "Set GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY, or GITHUB_TOKEN.");
    return add(checks, "builder_workflow", DoctorState::unknown, "GitHub cannot be asked");
  }
  const Answer* look = run.ask("look:workflow", github::get_workflow(run.builder()));
  if (look == nullptr) return;
  const Verdict verdict = classify(*look);
  if (verdict == Verdict::unknown || verdict == Verdict::retry_after) {
    add(checks, "github_token", DoctorState::unknown, in_words(*look), "Try again later.");
    return add(checks, "builder_workflow", DoctorState::unknown, in_words(*look));
  }
  const bool refused = look->status == 401 || look->status == 403;
  check(checks, "github_token", !refused, "GitHub lets it in", in_words(*look),
        "Give it Actions: read and write on the builder repository.");
  if (refused) return add(checks, "builder_workflow", DoctorState::unknown, in_words(*look));
  const auto workflow = run.read_answer<github::Workflow>(*look);
  if (verdict == Verdict::ok && !workflow) {
    return add(checks, "builder_workflow", DoctorState::unknown,
               "GitHub's answer could not be read", "Try again later.");
  }
  if (verdict == Verdict::rejected || !workflow) {
    return add(checks, "builder_workflow", DoctorState::failed, "there is no such workflow",
               "Push builder/ to the repository GITHUB_BUILDER_REPOSITORY, with its workflow "
               "GITHUB_BUILDER_WORKFLOW.");
  }
  check(checks, "builder_workflow", workflow->state == "active", "it is there and enabled",
        concat("it is ", workflow->state), "Enable it on its page at GitHub.");
}

/// The connection of the account to GitHub cannot be asked for: what orgs have met tells.
void check_publishing(Run& run, Checks& checks) {
  check(checks, "sealing", run.has_credential(sealing_credential), "there is a key",
        "there is no key for tenants' secrets",
        "Set SEALING_KEY to 32 random bytes: `openssl rand -base64 32`.", DoctorState::warning);
  const auto gap = publishing_gap(run);
  check(checks, "publishing", !gap, "orgs can be provisioned",
        concat("missing: ", gap.value_or("")),
        "Set it (docs/operations.md); without it orgs can only paste deploy hooks.",
        DoctorState::warning);
  const auto orgs = run.query<OrgRow>("orgs_after", {std::string(), number(orgs_read_max)});
  if (run.incomplete()) return;
  const OrgRow* connected = nullptr;
  const OrgRow* refused = nullptr;
  for (const OrgRow& org : orgs) {
    const bool fails = org.failure && org.failure->code.starts_with("git.");
    if (fails && (refused == nullptr || org.since_ms > refused->since_ms)) refused = &org;
    if (org.host && (connected == nullptr || org.since_ms > connected->since_ms)) connected = &org;
  }
  // Of the two the later one tells how it is now.
  if (refused != nullptr && (connected == nullptr || connected->since_ms <= refused->since_ms)) {
    return add(checks, "github_connection", DoctorState::failed,
               concat(refused->slug, ": ", refused->failure->detail), refused->failure->next);
  }
  if (connected != nullptr) {
    return add(checks, "github_connection", DoctorState::ok, "projects were connected");
  }
  add(checks, "github_connection", DoctorState::unknown,
      "Cloudflare does not tell before a project is connected",
      "Connect GitHub to the Cloudflare account once: /help/connect-github shows how.");
}

}  // namespace

Outcome doctor(Run& run) {
  DoctorView view;
  check_storage(run, view.checks);
  check_accounts(run, view.checks);
  check_builder(run, view.checks);
  check_publishing(run, view.checks);
  if (run.incomplete()) return run.need();
  return run.reply(200, to_json(view));
}

}  // namespace slipway
