#include "upstream/pages_removal.hpp"

#include "base/text.hpp"

namespace slipway::pages {
namespace {

/// A request about the project; `below` is what follows its name in the path.
Request about(const Account& account, std::string_view method, std::string_view project,
              std::string_view below) {
  Request out = get_project(account, project);
  out.method = std::string(method);
  out.path.append(below);
  return out;
}

}  // namespace

Request list_domains(const Account& account, std::string_view project) {
  return about(account, "GET", project, "/domains");
}

Request delete_domain(const Account& account, std::string_view project, std::string_view domain) {
  return about(account, "DELETE", project, concat("/domains/", url_component(domain)));
}

Request list_all_deployments(const Account& account, std::string_view project) {
  return about(account, "GET", project, "/deployments?page=1&per_page=25");
}

Request delete_deployment_forced(const Account& account, std::string_view project,
                                 std::string_view deployment) {
  return about(account, "DELETE", project,
               concat("/deployments/", url_component(deployment), "?force=true"));
}

Request delete_project(const Account& account, std::string_view project) {
  return about(account, "DELETE", project, "");
}

}  // namespace slipway::pages
