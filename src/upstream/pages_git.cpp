#include "upstream/pages_git.hpp"

#include "base/text.hpp"
#include "wire/json_write.hpp"

namespace slipway::pages {
namespace {

Request request(const Account& account, std::string_view method, std::string_view project,
                std::string_view below = {}) {
  Request out;
  out.target = Target::cloudflare;
  out.credential = account.credential;
  out.method = std::string(method);
  out.path = concat("/accounts/", url_component(account.id), "/pages/projects/",
                    url_component(project), below);
  out.spending = Spending{account.ledger, cloudflare_budget};
  return out;
}

Request with_body(Request out, std::string body) {
  out.headers.members = {{"content-type", "application/json"}};
  out.body = std::move(body);
  return out;
}

std::string at_domain(std::string_view domain) {
  return concat("/domains/", url_component(domain));
}

std::string at_deployment(std::string_view deployment) {
  return concat("/deployments/", url_component(deployment));
}

/// The marker as a change of variables: set, or null where it is to go.
std::string marker_change(const std::string& value) {
  std::string out = "{\"env_vars\":{";
  append_json_string(out, marker);
  if (value.empty()) return out.append(":null}}");
  out.append(":{\"type\":\"plain_text\",\"value\":");
  append_json_string(out, value);
  return out.append("}}}");
}

}  // namespace

Switches switched_off() { return {false, false, "none"}; }

Switches switches_of(const ConnectedProject& project) {
  const Connection& config = project.source.config;
  return {config.deployments_enabled, config.production_deployments_enabled,
          config.preview_deployment_setting};
}

std::string host_of(const ConnectedProject& project) {
  return project.subdomain ? project.subdomain->text : concat(project.name, ".pages.dev");
}

std::optional<std::string> marked_site(const ConnectedProject& project) {
  for (const auto& [name, variable] : project.deployment_configs.production.env_vars.members) {
    if (name == marker) return variable.value;
  }
  return std::nullopt;
}

bool is_off(const Switches& switches) {
  return !switches.production_deployments_enabled && switches.preview_deployment_setting == "none";
}

Request probe_upload(const Account& account, std::string_view project) {
  Request out = request(account, "GET", project, "/upload-token");
  out.body_max = 0;
  return out;
}

Request edit_connection(const Account& account, std::string_view project,
                        std::string_view source_type, const Switches& switches,
                        const std::optional<std::string>& marker_value) {
  std::string body = "{\"source\":{\"type\":";
  append_json_string(body, source_type);
  body.append(",\"config\":").append(to_json(switches)).append("}");
  if (marker_value) {
    const std::string change = marker_change(*marker_value);
    body.append(",\"deployment_configs\":{\"production\":").append(change);
    body.append(",\"preview\":").append(change).append("}");
  }
  body.push_back('}');
  return with_body(request(account, "PATCH", project), std::move(body));
}

Request roll_back(const Account& account, std::string_view project, std::string_view deployment) {
  return request(account, "POST", project, concat(at_deployment(deployment), "/rollback"));
}

Request get_domain(const Account& account, std::string_view project, std::string_view domain) {
  return request(account, "GET", project, at_domain(domain));
}

Request add_domain(const Account& account, std::string_view project, std::string_view domain) {
  std::string body = "{\"name\":";
  append_json_string(body, domain);
  return with_body(request(account, "POST", project, "/domains"), body.append("}"));
}

}  // namespace slipway::pages
