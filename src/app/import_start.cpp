// POST /api/v1/platforms/import: stores which repositories are wanted. They are listed and read
// afterwards (import_look.cpp); GET /api/v1/imports/{importId} tells what became of each.
#include <algorithm>

#include "app/import_views.hpp"
#include "app/operations.hpp"
#include "app/places.hpp"
#include "base/text.hpp"
#include "upstream/github_contents.hpp"

namespace slipway {
namespace {

constexpr std::string_view default_suffix = "-platform-console";
constexpr size_t repositories_max = 1000;

Issue value_issue(std::string pointer, std::string_view detail) {
  return {std::move(pointer), "field.value", std::string(detail)};
}

template <class T>
void find_twins(const std::vector<T>& list, std::string_view pointer, std::vector<Issue>& issues) {
  std::vector<T> sorted = list;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end()) return;
  issues.push_back({std::string(pointer), "field.duplicate", "names something twice"});
}

void find_name_issues(const ImportBody& body, std::vector<Issue>& issues) {
  const auto& names = *body.repositories;
  if (names.empty() || names.size() > repositories_max) {
    issues.push_back(value_issue("/repositories", "must have 1 to 1000 names"));
    return;
  }
  for (size_t i = 0; i < names.size(); ++i) {
    if (github::is_name(names[i])) continue;
    issues.push_back(value_issue(concat("/repositories/", to_text(static_cast<int64_t>(i))),
                                 "must be a repository's name without its owner"));
  }
  find_twins(names, "/repositories", issues);
}

std::vector<Issue> body_issues(const ImportBody& body) {
  std::vector<Issue> issues;
  const bool all = body.all.value_or(false);
  if (all == body.repositories.has_value()) {
    issues.push_back(value_issue("", "must have either `repositories`, or `all: true`"));
  }
  if (body.prefix && !all) issues.push_back(value_issue("/prefix", "only goes with `all: true`"));
  const auto check = [&](const std::optional<std::string>& text, std::string_view pointer) {
    if (!text || github::is_name(*text)) return;
    issues.push_back(value_issue(std::string(pointer), "must be (a part of) a name at GitHub"));
  };
  check(body.owner, "/owner");
  check(body.prefix, "/prefix");
  check(body.suffix, "/suffix");
  if (body.repositories) find_name_issues(body, issues);
  if (!body.environments) return issues;
  if (body.environments->empty()) {
    issues.push_back(value_issue("/environments", "must name at least one environment"));
  }
  find_twins(*body.environments, "/environments", issues);
  return issues;
}

}  // namespace

Outcome import_start(Run& run) {
  ImportBody body;
  if (const auto error = run.read_body(body)) return run.fail(*error);
  auto issues = body_issues(body);
  if (!issues.empty()) return run.fail({ErrorCode::body_invalid, "", std::move(issues)});
  const auto accounts = run.query<AccountRow>("accounts", {});
  if (run.incomplete()) return run.need();
  for (const std::string& name :
       {std::string("github"), concat("cloudflare:", run.setting("CF_ACCOUNT_NAME"))}) {
    if (!run.has_credential(name)) return run.fail({ErrorCode::credential_missing, name, {}});
  }

  register_own_account(run, accounts);
  ImportRow row;
  run.draft().record(
      row, ImportStarted{
               run.new_id("imp_"), body.owner.value_or(std::string(run.setting("GITHUB_OWNER"))),
               body.prefix.value_or(""), body.suffix.value_or(std::string(default_suffix)),
               body.repositories.value_or(std::vector<std::string>()), body.all.value_or(false),
               body.environments.value_or(std::vector<Environment>()), body.dry_run.value_or(false),
               run.caller().author});
  run.draft().look_at(row, run.now_ms());
  Map<std::string> headers;
  headers.members.emplace_back("location", concat("/api/v1/imports/", row.id));
  return run.reply(202, to_json(view_of(row, {})), std::move(headers));
}

}  // namespace slipway
