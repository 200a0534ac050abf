#include "app/publishing_settings.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "upstream/github_contents.hpp"

namespace slipway {
namespace {

/// Names that Slipway sets itself, whatever the setting says.
constexpr std::string_view own_names[] = {"ORG_SLUG", "ORG_ID", "ORG_NAME", pages::marker};

std::string or_else(std::string_view value, std::string_view otherwise) {
  return std::string(value.empty() ? otherwise : value);
}

}  // namespace

bool is_variable_name(std::string_view name) {
  constexpr size_t chars_max = 100;
  const auto plain = [](char c) { return (c >= 'A' && c <= 'Z') || is_lower(c) || c == '_'; };
  return !name.empty() && name.size() <= chars_max && plain(name[0]) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return plain(c) || is_digit(c); });
}

std::optional<Map<std::string>> read_variables(Run& run, std::string_view json) {
  Map<std::string> variables;
  if (json.empty()) return variables;
  const PaddedText padded(json);
  if (!run.reader().read(padded.view(), Strictness::strict, variables).ok()) return std::nullopt;
  if (variables.members.size() > limits::site_variables_max) return std::nullopt;
  for (const auto& [name, value] : variables.members) {
    if (!is_variable_name(name) || value.size() > limits::variable_value_bytes_max) {
      return std::nullopt;
    }
  }
  return variables;
}

std::string publishing_account(const Run& run) {
  return or_else(run.setting("PUBLISHING_ACCOUNT"), run.setting("CF_ACCOUNT_NAME"));
}

std::optional<std::string> publishing_gap(Run& run) {
  for (const std::string_view name : {"PUBLISHING_GITHUB_OWNER", "PUBLISHING_GITHUB_REPOSITORY"}) {
    if (!github::is_name(run.setting(name))) return concat("the variable ", name);
  }
  const std::string account = publishing_account(run);
  if (!run.has_credential(concat("cloudflare:", account))) {
    return concat("the Cloudflare token of the account ", account);
  }
  if (!run.has_credential(sealing_credential)) return "the secret SEALING_KEY";
  if (!read_variables(run, run.setting("PUBLISHING_VARIABLES"))) {
    return "the variable PUBLISHING_VARIABLES: it must be a JSON object of texts";
  }
  return std::nullopt;
}

pages::GitProject git_project_of(Run& run, const OrgRow& org) {
  pages::GitProject out;
  out.name = org.project_name;
  out.marker = org_marker(org.slug);
  out.owner = std::string(run.setting("PUBLISHING_GITHUB_OWNER"));
  out.repository = std::string(run.setting("PUBLISHING_GITHUB_REPOSITORY"));
  out.branch = or_else(run.setting("PUBLISHING_BRANCH"), "main");
  out.build_command = std::string(run.setting("PUBLISHING_BUILD_COMMAND"));
  out.output = std::string(run.setting("PUBLISHING_BUILD_OUTPUT"));
  out.root = std::string(run.setting("PUBLISHING_ROOT_DIR"));
  out.variables = {{"ORG_SLUG", org.slug}, {"ORG_ID", org.org_id}, {"ORG_NAME", org.name}};
  const auto more = read_variables(run, run.setting("PUBLISHING_VARIABLES"));
  if (!more) return out;
  for (const auto& variable : more->members) {
    const bool own = std::find(std::begin(own_names), std::end(own_names), variable.first) !=
                     std::end(own_names);
    if (!own) out.variables.push_back(variable);
  }
  return out;
}

}  // namespace slipway
