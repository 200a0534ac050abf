#include "upstream/pages.hpp"

#include <utility>

#include "base/text.hpp"
#include "wire/json_write.hpp"

namespace slipway::pages {
namespace {

Request request(const Account& account, std::string_view method, std::string_view below) {
  Request out;
  out.target = Target::cloudflare;
  out.credential = account.credential;
  out.method = std::string(method);
  out.path = concat("/accounts/", url_component(account.id), "/pages/projects", below);
  out.spending = Spending{account.ledger, cloudflare_budget};
  return out;
}

std::string at_project(std::string_view project) { return concat("/", url_component(project)); }

/// The member `deployment_configs` with our marker in production and preview.
std::string marked_configs(std::string_view site) {
  std::string variables = "{\"env_vars\":{";
  append_json_string(variables, marker);
  variables.append(":{\"type\":\"plain_text\",\"value\":");
  append_json_string(variables, site);
  variables.append("}}}");
  return concat("\"deployment_configs\":{\"production\":", variables, ",\"preview\":", variables,
                "}");
}

}  // namespace

Request get_project(const Account& account, std::string_view project) {
  return request(account, "GET", at_project(project));
}

Request create_project(const Account& account, std::string_view project, std::string_view site) {
  Request out = request(account, "POST", "");
  out.headers.members = {{"content-type", "application/json"}};
  std::string body = "{\"name\":";
  append_json_string(body, project);
  body.append(",\"production_branch\":");
  append_json_string(body, production_branch);
  body.append(",").append(marked_configs(site)).append("}");
  out.body = std::move(body);
  return out;
}

Request probe_edit(const Account& account) {
  Request out = request(account, "POST", "");
  out.headers.members = {{"content-type", "application/json"}};
  out.body = "{\"name\":\"-\",\"production_branch\":\"main\"}";
  return out;
}

Request mark_project(const Account& account, std::string_view project, std::string_view site) {
  Request out = request(account, "PATCH", at_project(project));
  out.headers.members = {{"content-type", "application/json"}};
  out.body = concat("{", marked_configs(site), "}");
  return out;
}

Request get_deployment(const Account& account, std::string_view project,
                       std::string_view deployment) {
  return request(account, "GET",
                 concat(at_project(project), "/deployments/", url_component(deployment)));
}

Request list_deployments(const Account& account, std::string_view project) {
  return request(account, "GET",
                 concat(at_project(project), "/deployments?env=production&page=1&per_page=25"));
}

Request list_deployments_from(const Account& account, std::string_view project, int64_t skip) {
  constexpr int64_t per_page = 25;
  return request(account, "GET",
                 concat(at_project(project), "/deployments?env=production&page=",
                        to_text(skip / per_page + 1), "&per_page=", to_text(per_page)));
}

Request delete_deployment(const Account& account, std::string_view project,
                          std::string_view deployment) {
  return request(account, "DELETE",
                 concat(at_project(project), "/deployments/", url_component(deployment)));
}

const PagesDeployment* find_upload(const DeploymentsEnvelope& list,
                                   std::string_view deployment_id) {
  for (const PagesDeployment& candidate : list.result) {
    const auto& message = candidate.deployment_trigger.metadata.commit_message;
    if (message && message->find(deployment_id) != std::string::npos) return &candidate;
  }
  return nullptr;
}

bool is_host(std::string_view text) {
  constexpr std::string_view parent = ".pages.dev";
  constexpr size_t chars_max = 253;
  if (text.size() > chars_max || !text.ends_with(parent)) return false;
  char before = '.';
  for (const char c : text) {
    const bool is_inner = c == '-' || c == '.';
    if (!is_inner && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) return false;
    // A label neither begins nor ends with a dash, and has at least one character.
    if (is_inner && before == '.') return false;
    if (c == '.' && before == '-') return false;
    before = c;
  }
  return true;
}

std::string host_of(const Project& project) {
  return project.subdomain ? project.subdomain->text : concat(project.name, ".pages.dev");
}

std::optional<std::string> marked_site(const Project& project) {
  for (const auto& [name, variable] : project.deployment_configs.production.env_vars.members) {
    if (name == marker) return variable.value;
  }
  return std::nullopt;
}

Progress progress(const PagesDeployment& deployment) {
  const Stage& stage = deployment.latest_stage;
  if (deployment.is_skipped || stage.status == "failure" || stage.status == "canceled" ||
      stage.status == "skipped") {
    return Progress::failure;
  }
  return stage.name == "deploy" && stage.status == "success" ? Progress::success : Progress::active;
}

Meaning meaning(const EnvelopeError& error) {
  struct Row {
    int64_t upstream;
    Meaning ours;
  };
  constexpr Row rows[] = {
      {8000000, {ErrorCode::project_refused, Concern::nothing}},
      {8000002, {ErrorCode::project_name_taken, Concern::nothing}},
      {8000003, {ErrorCode::project_invalid_name, Concern::project}},
      {8000008, {ErrorCode::git_not_connected, Concern::project}},
      {8000011, {ErrorCode::git_not_connected, Concern::project}},
      {8000012, {ErrorCode::git_repository_not_selected, Concern::project}},
      {8000027, {ErrorCode::project_limit, Concern::account_full}},
      {8000030, {ErrorCode::subdomain_blocked, Concern::project}},
      {8000036, {ErrorCode::account_blocked, Concern::account}},
      {8000077, {ErrorCode::account_email_unverified, Concern::account}},
      {8000119, {ErrorCode::project_blocked, Concern::project}},
      {7003, {ErrorCode::account_id_unknown, Concern::account}},
      {9109, {ErrorCode::credential_invalid, Concern::account}},
      {10000, {ErrorCode::permission_missing, Concern::account}},
      {401, {ErrorCode::upstream_forbidden, Concern::project}},
      {403, {ErrorCode::upstream_forbidden, Concern::project}},
  };
  constexpr Meaning other = {ErrorCode::upstream_rejected, Concern::project};
  // The code of an unverified address stands for missing features, too.
  if (error.code == 8000077 && error.message.find("email") == std::string::npos) return other;
  for (const Row& row : rows) {
    if (row.upstream == error.code) return row.ours;
  }
  return other;
}

Request get_file(std::string_view host, std::string_view path) {
  Request out;
  out.target = Target::site;
  out.host = std::string(host);
  out.path = std::string(path);
  out.headers.members = {{"cache-control", "no-cache"}};
  out.body_max = limits::verified_file_bytes_max;
  return out;
}

}  // namespace slipway::pages
