#include "upstream/pages_publishing.hpp"

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

Request with_body(Request out, std::string body) {
  out.headers.members = {{"content-type", "application/json"}};
  out.body = std::move(body);
  return out;
}

std::string at_hooks(std::string_view project) {
  return concat("/", url_component(project), "/deploy_hooks");
}

/// One member of an object that has some already, or is to have it first.
void add(std::string& object, std::string_view name, std::string_view value) {
  if (!object.ends_with('{')) object.push_back(',');
  append_json_string(object, name);
  object.push_back(':');
  append_json_string(object, value);
}

void add_variable(std::string& object, std::string_view name, std::string_view value) {
  if (!object.ends_with('{')) object.push_back(',');
  append_json_string(object, name);
  object.append(":{\"type\":\"plain_text\",\"value\":");
  append_json_string(object, value);
  object.push_back('}');
}

std::string source_of(const GitProject& project) {
  std::string out = "{\"type\":\"github\",\"config\":{";
  add(out, "owner", project.owner);
  add(out, "repo_name", project.repository);
  add(out, "production_branch", project.branch);
  return out.append(
      ",\"pr_comments_enabled\":false,\"deployments_enabled\":true,"
      "\"production_deployments_enabled\":true,\"preview_deployment_setting\":\"none\"}}");
}

std::string variables_of(const GitProject& project) {
  std::string out = "{\"env_vars\":{";
  add_variable(out, marker, project.marker);
  for (const auto& [name, value] : project.variables) add_variable(out, name, value);
  return out.append("}}");
}

}  // namespace

Request create_git_project(const Account& account, const GitProject& project) {
  std::string build = "{";
  add(build, "build_command", project.build_command);
  add(build, "destination_dir", project.output);
  add(build, "root_dir", project.root);
  build.push_back('}');
  const std::string variables = variables_of(project);
  std::string body = "{";
  add(body, "name", project.name);
  add(body, "production_branch", project.branch);
  body.append(",\"build_config\":").append(build);
  body.append(",\"source\":").append(source_of(project));
  body.append(",\"deployment_configs\":{\"production\":").append(variables);
  body.append(",\"preview\":").append(variables).append("}}");
  return with_body(request(account, "POST", ""), std::move(body));
}

Request update_git_project(const Account& account, const GitProject& project) {
  const std::string variables = variables_of(project);
  return with_body(request(account, "PATCH", concat("/", url_component(project.name))),
                   concat("{\"deployment_configs\":{\"production\":", variables,
                          ",\"preview\":", variables, "}}"));
}

Request create_hook(const Account& account, std::string_view project, std::string_view name,
                    std::string_view branch) {
  std::string body = "{";
  add(body, "name", name);
  add(body, "branch", branch);
  body.push_back('}');
  return with_body(request(account, "POST", at_hooks(project)), std::move(body));
}

Request list_hooks(const Account& account, std::string_view project) {
  return request(account, "GET", at_hooks(project));
}

Request delete_hook(const Account& account, std::string_view project, std::string_view sealed_id) {
  Request out = request(account, "DELETE", concat(at_hooks(project), "/", sealed_in_path));
  out.sealed = std::string(sealed_id);
  return out;
}

Request call_hook(std::string_view sealed_id) {
  Request out;
  out.target = Target::cloudflare;
  out.sealed = std::string(sealed_id);
  out.method = "POST";
  out.path = concat("/pages/webhooks/deploy_hooks/", sealed_in_path);
  return out;
}

Request start_build(const Account& account, std::string_view project) {
  return request(account, "POST", concat("/", url_component(project), "/deployments"));
}

std::optional<std::string> url_of(const Build& build) {
  return build.url.starts_with(url_scheme) ? std::optional(build.url) : std::nullopt;
}

BuildProgress progress(const Build& build) {
  if (build.is_skipped) {
    const bool newer = build.skip_reason == "superseded_queued_build";
    return newer ? BuildProgress::superseded : BuildProgress::cancelled;
  }
  const std::string& status = build.latest_stage.status;
  if (status == "failure") return BuildProgress::failure;
  if (status == "canceled" || status == "skipped") return BuildProgress::cancelled;
  const bool deployed = build.latest_stage.name == "deploy" && status == "success";
  return deployed ? BuildProgress::success : BuildProgress::active;
}

}  // namespace slipway::pages
