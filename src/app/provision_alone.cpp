// Provisioning without an instance: the package bindings/cloudflare-pages runs the use case of
// `publishing.cpp` and has no storage. What would be committed is dropped; each call looks at what
// is there before it makes anything, so that it may be repeated after whatever happened.
#include <algorithm>
#include <utility>

#include "app/operations.hpp"
#include "app/provision.hpp"
#include "app/provision_bodies.hpp"
#include "app/publishing_settings.hpp"
#include "base/text.hpp"
#include "upstream/github_contents.hpp"

namespace slipway {
namespace {

/// The only credential: the token of the caller's account.
constexpr std::string_view own_account = "main";

void check_text(std::vector<Issue>& issues, const std::optional<std::string>& value,
                std::string_view pointer) {
  if (!value || value->size() <= limits::build_setting_bytes_max) return;
  issues.push_back({std::string(pointer), "field.value", "must be at most 500 bytes"});
}

void check_variables(std::vector<Issue>& issues, const Map<std::string>& variables) {
  if (variables.members.size() > limits::site_variables_max) {
    issues.push_back({"/variables", "field.value", "must have at most 50 members"});
  }
  for (const auto& [name, value] : variables.members) {
    if (issues.size() >= limits::issues_max) return;
    if (!is_variable_name(name) || name == pages::marker) {
      issues.push_back({concat("/variables/", name), "field.value",
                        "is no name of a variable: letters, digits and underscores, at most 100"});
    } else if (value.size() > limits::variable_value_bytes_max) {
      issues.push_back({concat("/variables/", name), "field.value", "must be at most 5,000 bytes"});
    }
  }
}

std::vector<Issue> issues_of(const ProvisionBody& body) {
  std::vector<Issue> issues;
  if (!github::is_name(body.owner)) {
    issues.push_back({"/owner", "field.value", "must be the name of an owner at GitHub"});
  }
  if (!github::is_name(body.repository)) {
    issues.push_back({"/repository", "field.value", "must be the name of a repository at GitHub"});
  }
  check_text(issues, body.production_branch, "/productionBranch");
  check_text(issues, body.build_command, "/buildCommand");
  check_text(issues, body.build_output, "/buildOutput");
  check_text(issues, body.root_dir, "/rootDir");
  check_text(issues, body.hook_name, "/hookName");
  if (body.variables) check_variables(issues, *body.variables);
  return issues;
}

pages::GitProject wish_of(const ProvisionBody& body) {
  pages::GitProject wish;
  wish.name = org_project_name(body.slug.text);
  wish.marker = org_marker(body.slug.text);
  wish.owner = body.owner;
  wish.repository = body.repository;
  wish.branch = body.production_branch.value_or("main");
  wish.build_command = body.build_command.value_or("");
  wish.output = body.build_output.value_or("");
  wish.root = body.root_dir.value_or("");
  // Without a name no call would find the hook of an earlier one.
  wish.hook_name = body.hook_name.value_or("");
  if (wish.hook_name.empty()) wish.hook_name = "slipway";
  if (body.variables) wish.variables = body.variables->members;
  return wish;
}

Outcome told(Run& run, const OrgRow& org, int64_t attempt) {
  ProvisionView view{org.project_name, std::nullopt, std::nullopt, org.orphans, std::nullopt};
  if (org.host) view.project_url = concat("https://", *org.host);
  if (org.state == OrgState::ready) {
    run.hand_out_sealed("deployHookUrl", present(org.hook).sealed_id, hook_address);
    return run.reply(200, to_json(view));
  }
  const int64_t wait = int64_t{1000} << std::clamp<int64_t>(attempt, 0, 5);
  view.again_after_ms = org.waiting ? org.waiting->until_ms - run.now_ms() : wait;
  return run.reply(202, to_json(view));
}

}  // namespace

Outcome provision_alone(Run& run) {
  ProvisionBody body;
  if (const auto error = run.read_body(body)) return run.fail(*error);
  auto issues = issues_of(body);
  if (!issues.empty()) return run.fail({ErrorCode::body_invalid, "", std::move(issues)});
  const pages::Account at = {concat("cloudflare:", own_account), body.account_id.text,
                             cloudflare_ledger(shared_rate_owner)};
  const pages::GitProject wish = wish_of(body);
  OrgRow org;
  Draft& draft = run.draft();
  draft.record(org, OrgCreated{body.slug.text, body.slug.text, body.slug.text, {}});
  draft.record(org, ProvisionRequested{std::string(own_account), wish.name, run.caller().author});
  // Nobody remembers the calls before but the caller: what keeps being refused ends as a refusal.
  org.attempts = std::clamp<int64_t>(body.attempt.value_or(0), 0, limits::project_attempts_max - 1);
  if (auto outcome = provision(run, org, at, wish)) return *std::move(outcome);
  if (org.state != OrgState::blocked) return told(run, org, body.attempt.value_or(0));
  for (const ErrorInfo& error : error_table) {
    if (error.name == org.failure->code) {
      return run.fail({error.code, org.failure->detail, {}});
    }
  }
  stop_on_damage();
}

}  // namespace slipway
