// What is said to Cloudflare Pages about git-connected projects and custom domains: the part of its
// API that only migration uses.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "upstream/pages_removal.hpp"

namespace slipway::pages {

/// Which pushes a git-connected project builds by itself.
struct Switches {
  bool deployments_enabled = true;  ///< Cloudflare calls it deprecated; it still counts
  bool production_deployments_enabled = true;
  std::string preview_deployment_setting = "all";  ///< `all`, `none` or `custom`
  bool operator==(const Switches&) const = default;
};

/// The switches of a project that builds nothing by itself.
[[nodiscard]] Switches switched_off();

/// The connection to a repository.
struct Connection {
  std::string owner;
  std::string repo_name;
  bool deployments_enabled = true;
  bool production_deployments_enabled = true;
  std::string preview_deployment_setting = "all";
};
struct ConnectedSource {
  std::optional<std::string> type;  ///< absent for Direct Upload
  Connection config;
};
struct DeploymentRef {
  std::string id;
};
/// A project with what migration needs to know of it.
struct ConnectedProject {
  std::string name;
  std::optional<PagesHost> subdomain;
  std::string production_branch;
  DeploymentConfigs deployment_configs;
  ConnectedSource source;
  std::optional<DeploymentRef> canonical_deployment;
};
struct ConnectedEnvelope {
  ConnectedProject result;
};

/// A custom domain of a project.
struct DomainCheck {
  std::optional<std::string> error_message;
};
struct Domain {
  std::string name;
  std::string status;  ///< `active` serves; also initializing, pending, error, blocked, deactivated
  DomainCheck verification_data;
};
struct DomainEnvelope {
  Domain result;
};
struct DomainChecksEnvelope {
  std::vector<Domain> result;
};
struct DeploymentRefs {
  std::vector<DeploymentRef> result;
};

/// The switches of a connection.
[[nodiscard]] Switches switches_of(const ConnectedProject& project);

/// Where the project is served.
[[nodiscard]] std::string host_of(const ConnectedProject& project);

/// The project's marker (see pages.hpp), or nothing.
[[nodiscard]] std::optional<std::string> marked_site(const ConnectedProject& project);

/// Whether pushes build nothing.
[[nodiscard]] bool is_off(const Switches& switches);

/// Asks whether the project takes uploads. The answer holds a token, so none of its body is kept.
[[nodiscard]] Request probe_upload(const Account&, std::string_view project);

/// Sets the switches. `marker_value`: the marker to set, empty to remove it, absent to leave it.
[[nodiscard]] Request edit_connection(const Account&, std::string_view project,
                                      std::string_view source_type, const Switches&,
                                      const std::optional<std::string>& marker_value);

/// Makes an earlier production deployment the one that is served.
[[nodiscard]] Request roll_back(const Account&, std::string_view project,
                                std::string_view deployment);

[[nodiscard]] Request get_domain(const Account&, std::string_view project, std::string_view domain);
[[nodiscard]] Request add_domain(const Account&, std::string_view project, std::string_view domain);

}  // namespace slipway::pages

namespace slipway {

template <>
struct describe<pages::Switches> {
  static constexpr std::string_view name = "AutomaticDeployments";
  static constexpr std::string_view doc = "Which pushes a git-connected project builds by itself.";
  static constexpr std::array fields = {
      field<&pages::Switches::deployments_enabled>("deployments_enabled", "any at all"),
      field<&pages::Switches::production_deployments_enabled>("production_deployments_enabled",
                                                              "of the production branch"),
      field<&pages::Switches::preview_deployment_setting>("preview_deployment_setting",
                                                          "all, none or custom"),
  };
};
template <>
struct describe<pages::Connection> {
  static constexpr std::string_view name = "PagesConnection";
  static constexpr std::string_view doc = "The repository of a git-connected project.";
  static constexpr std::array fields = {
      field<&pages::Connection::owner>("owner", "its owner"),
      field<&pages::Connection::repo_name>("repo_name", "its name"),
      field<&pages::Connection::deployments_enabled>("deployments_enabled", "any at all"),
      field<&pages::Connection::production_deployments_enabled>("production_deployments_enabled",
                                                                "of the production branch"),
      field<&pages::Connection::preview_deployment_setting>("preview_deployment_setting",
                                                            "all, none or custom"),
  };
};
template <>
struct describe<pages::ConnectedSource> {
  static constexpr std::string_view name = "PagesConnectedSource";
  static constexpr std::string_view doc = "Where a git-connected project gets its commits.";
  static constexpr std::array fields = {
      field<&pages::ConnectedSource::type>("type", "absent for Direct Upload"),
      field<&pages::ConnectedSource::config>("config", "the repository"),
  };
};
template <>
struct describe<pages::DeploymentRef> {
  static constexpr std::string_view name = "PagesDeploymentRef";
  static constexpr std::string_view doc = "A deployment at Pages, by its id.";
  static constexpr std::array fields = {field<&pages::DeploymentRef::id>("id", "its id")};
  static constexpr std::array vital = {std::string_view("id")};
};
template <>
struct describe<pages::ConnectedProject> {
  static constexpr std::string_view name = "PagesConnectedProject";
  static constexpr std::string_view doc = "A Pages project with its connection.";
  static constexpr std::array fields = {
      field<&pages::ConnectedProject::name>("name", "unique in the account"),
      field<&pages::ConnectedProject::subdomain>("subdomain", "host name; may carry a suffix"),
      field<&pages::ConnectedProject::production_branch>("production_branch", "what is served"),
      field<&pages::ConnectedProject::deployment_configs>("deployment_configs", "settings"),
      field<&pages::ConnectedProject::source>("source", "null or empty for Direct Upload"),
      field<&pages::ConnectedProject::canonical_deployment>("canonical_deployment",
                                                            "what is served"),
  };
  static constexpr std::array vital = {std::string_view("name"),
                                       std::string_view("deployment_configs")};
};
template <>
struct describe<pages::ConnectedEnvelope> {
  static constexpr std::string_view name = "PagesConnectedEnvelope";
  static constexpr std::string_view doc = "An answer with one project.";
  static constexpr std::array fields = {field<&pages::ConnectedEnvelope::result>("result", "it")};
  static constexpr std::array vital = {std::string_view("result")};
};
template <>
struct describe<pages::DomainCheck> {
  static constexpr std::string_view name = "PagesDomainCheck";
  static constexpr std::string_view doc = "What hinders a custom domain.";
  static constexpr std::array fields = {
      field<&pages::DomainCheck::error_message>("error_message", "in words")};
};
template <>
struct describe<pages::Domain> {
  static constexpr std::string_view name = "PagesDomain";
  static constexpr std::string_view doc = "A custom domain of a project.";
  static constexpr std::array fields = {
      field<&pages::Domain::name>("name", "the host name"),
      field<&pages::Domain::status>("status", "`active` serves"),
      field<&pages::Domain::verification_data>("verification_data", "what hinders it"),
  };
  static constexpr std::array vital = {std::string_view("name"), std::string_view("status")};
};
template <>
struct describe<pages::DomainEnvelope> {
  static constexpr std::string_view name = "PagesDomainEnvelope";
  static constexpr std::string_view doc = "An answer with one domain.";
  static constexpr std::array fields = {field<&pages::DomainEnvelope::result>("result", "it")};
  static constexpr std::array vital = {std::string_view("result")};
};
template <>
struct describe<pages::DomainChecksEnvelope> {
  static constexpr std::string_view name = "PagesDomainChecksEnvelope";
  static constexpr std::string_view doc = "An answer with several domains.";
  static constexpr std::array fields = {
      field<&pages::DomainChecksEnvelope::result>("result", "all")};
  static constexpr std::array vital = {std::string_view("result")};
};
template <>
struct describe<pages::DeploymentRefs> {
  static constexpr std::string_view name = "PagesDeploymentRefs";
  static constexpr std::string_view doc = "An answer with several deployments.";
  static constexpr std::array fields = {
      field<&pages::DeploymentRefs::result>("result", "newest first")};
  static constexpr std::array vital = {std::string_view("result")};
};

}  // namespace slipway
