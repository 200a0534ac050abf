// What is said to Cloudflare Pages to take a project down: custom domains, deployments, the project
// (https://developers.cloudflare.com/api/resources/pages/).
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "upstream/pages.hpp"

namespace slipway::pages {

/// Refusals that mean what they name is not there.
inline constexpr int64_t project_unknown = 8000007;
inline constexpr int64_t deployment_unknown = 8000009;
inline constexpr int64_t domain_unknown = 8000021;
/// Refusals that say what has to go first.
inline constexpr int64_t domains_left = 8000028;
inline constexpr int64_t too_many_deployments = 8000076;
/// The deployment that is served goes with its project only.
inline constexpr int64_t deployment_is_served = 8000034;

struct Identified {
  std::string id;
};
struct Named {
  std::string name;
};
/// The part of a project that says which deployment is served.
struct ServedProject {
  std::optional<Identified> canonical_deployment;
};
struct ServedProjectEnvelope {
  ServedProject result;
};
struct DomainsEnvelope {
  std::vector<Named> result;
};
struct ResultInfo {
  int64_t total_count = 0;
};
struct DeploymentPage {
  std::vector<Identified> result;
  ResultInfo result_info;
};

[[nodiscard]] Request list_domains(const Account&, std::string_view project);
[[nodiscard]] Request delete_domain(const Account&, std::string_view project,
                                    std::string_view domain);
/// Deployments of both environments, newest first, at most 25, and how many there are in all.
[[nodiscard]] Request list_all_deployments(const Account&, std::string_view project);
/// Deletes a deployment, also one that a branch's alias points to.
[[nodiscard]] Request delete_deployment_forced(const Account&, std::string_view project,
                                               std::string_view deployment);
/// Refused while the project has custom domains or too many deployments.
[[nodiscard]] Request delete_project(const Account&, std::string_view project);

}  // namespace slipway::pages

namespace slipway {

template <>
struct describe<pages::Identified> {
  static constexpr std::string_view name = "PagesIdentified";
  static constexpr std::string_view doc = "Something with an id.";
  static constexpr std::array fields = {field<&pages::Identified::id>("id", "its id")};
  static constexpr std::array vital = {std::string_view("id")};
};
template <>
struct describe<pages::Named> {
  static constexpr std::string_view name = "PagesNamed";
  static constexpr std::string_view doc = "Something with a name.";
  static constexpr std::array fields = {field<&pages::Named::name>("name", "its name")};
  static constexpr std::array vital = {std::string_view("name")};
};
template <>
struct describe<pages::ServedProject> {
  static constexpr std::string_view name = "PagesServedProject";
  static constexpr std::string_view doc = "Which deployment a project serves.";
  static constexpr std::array fields = {field<&pages::ServedProject::canonical_deployment>(
      "canonical_deployment", "absent or null: none")};
};
template <>
struct describe<pages::ServedProjectEnvelope> {
  static constexpr std::string_view name = "PagesServedProjectEnvelope";
  static constexpr std::string_view doc = "An answer with one project.";
  static constexpr std::array fields = {
      field<&pages::ServedProjectEnvelope::result>("result", "it")};
  static constexpr std::array vital = {std::string_view("result")};
};
template <>
struct describe<pages::DomainsEnvelope> {
  static constexpr std::string_view name = "PagesDomainsEnvelope";
  static constexpr std::string_view doc = "An answer with a project's custom domains.";
  static constexpr std::array fields = {field<&pages::DomainsEnvelope::result>("result", "all")};
  static constexpr std::array vital = {std::string_view("result")};
};
template <>
struct describe<pages::ResultInfo> {
  static constexpr std::string_view name = "PagesResultInfo";
  static constexpr std::string_view doc = "How much there is beside a page.";
  static constexpr std::array fields = {
      field<&pages::ResultInfo::total_count>("total_count", "items on all pages")};
};
template <>
struct describe<pages::DeploymentPage> {
  static constexpr std::string_view name = "PagesDeploymentPage";
  static constexpr std::string_view doc = "A page of deployments.";
  static constexpr std::array fields = {
      field<&pages::DeploymentPage::result>("result", "newest first"),
      field<&pages::DeploymentPage::result_info>("result_info", "how many there are"),
  };
  static constexpr std::array vital = {std::string_view("result")};
};

}  // namespace slipway
