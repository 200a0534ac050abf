// What is said to Cloudflare Pages: projects and deployments
// (https://developers.cloudflare.com/api/resources/pages/).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "upstream/http.hpp"

namespace slipway::pages {

/// A Cloudflare account as requests name it.
struct Account {
  std::string credential;  ///< `cloudflare:<name>`
  std::string id;
  std::string ledger;  ///< of the user whose call budget the credential spends
};

/// The plain variable that marks a project as made by Slipway; its value is the site's id.
inline constexpr std::string_view marker = "SLIPWAY_SITE";

/// The branch whose uploads are served at the project's own address.
inline constexpr std::string_view production_branch = "main";

struct EnvVar {
  std::optional<std::string> value;
};
struct DeploymentConfig {
  Map<EnvVar> env_vars;
};
struct DeploymentConfigs {
  DeploymentConfig production;
};
struct Source {
  std::optional<std::string> type;
};
struct CanonicalDeployment {
  std::string id;
};
struct Project {
  std::string name;
  std::optional<std::string> subdomain;
  DeploymentConfigs deployment_configs;
  Source source;
  std::optional<CanonicalDeployment> canonical_deployment;
};
struct Stage {
  std::string name;
  std::string status;
};
struct TriggerMetadata {
  std::optional<std::string> commit_message;
};
struct Trigger {
  TriggerMetadata metadata;
};
struct PagesDeployment {
  std::string id;
  std::string url;
  Stage latest_stage;
  bool is_skipped = false;
  std::vector<std::string> aliases;
  Trigger deployment_trigger;
};
struct EnvelopeError {
  int64_t code = 0;
  std::string message;
};
struct ProjectEnvelope {
  Project result;
};
struct DeploymentEnvelope {
  PagesDeployment result;
};
struct DeploymentsEnvelope {
  std::vector<PagesDeployment> result;
};
/// What every success of Cloudflare's API says. Another body with a status of success comes from
/// something in between, and tells nothing of what became of the request.
struct SuccessEnvelope {
  bool success = false;
};
struct ErrorEnvelope {
  std::vector<EnvelopeError> errors;
};

[[nodiscard]] Request get_project(const Account&, std::string_view project);

/// Creates a Direct Upload project (no `source`) that carries our marker in production and preview.
[[nodiscard]] Request create_project(const Account&, std::string_view project,
                                     std::string_view site);

[[nodiscard]] Request get_deployment(const Account&, std::string_view project,
                                     std::string_view deployment);

/// The newest production deployments of a project, at most 25.
[[nodiscard]] Request list_deployments(const Account&, std::string_view project);

/// Older production deployments of a project: a page of them, without the newest `skip` (a multiple
/// of 25).
[[nodiscard]] Request list_deployments_from(const Account&, std::string_view project, int64_t skip);

/// Deletes a deployment; Pages keeps the one that it serves (8000034).
[[nodiscard]] Request delete_deployment(const Account&, std::string_view project,
                                        std::string_view deployment);

/// The Pages deployment that carries our deployment's id in its message; null where none does.
[[nodiscard]] const PagesDeployment* find_upload(const DeploymentsEnvelope& list,
                                                 std::string_view deployment_id);

/// The site's id in the project's marker, or nothing.
[[nodiscard]] std::optional<std::string> marked_site(const Project& project);

/// How far a Pages deployment is.
enum class Progress : uint8_t { active, success, failure };
[[nodiscard]] Progress progress(const PagesDeployment& deployment);

/// Puts our marker into an existing project, in production and preview; other variables stay.
[[nodiscard]] Request mark_project(const Account&, std::string_view project, std::string_view site);

/// A project under a name that none can have: whoever may make projects is told so (8000003),
/// everyone else is refused before. It makes nothing.
[[nodiscard]] Request probe_edit(const Account&);

/// What a refusal is about.
enum class Concern : uint8_t {
  nothing,       ///< it does not say: a look tells
  project,       ///< this one project
  account_full,  ///< one project more in the account
  account,       ///< everything in the account
};
struct Meaning {
  ErrorCode code;
  Concern concern;
};

/// What an error of Pages' envelope means: by its code, then by its words. A code below 1000 is an
/// HTTP status without an envelope. Where nothing fits: `upstream_rejected`, about the project.
[[nodiscard]] Meaning meaning(const EnvelopeError& error);

/// One file of a served site.
[[nodiscard]] Request get_file(std::string_view host, std::string_view path);

/// Where the build says what it made.
inline constexpr std::string_view manifest_path = "/.well-known/slipway.json";

/// The document at `manifest_path`.
struct Manifest {
  std::string deployment;
  int64_t version = 0;
  Map<std::string> files;  ///< path to SHA-256 hex
};

}  // namespace slipway::pages

namespace slipway {

template <>
struct describe<pages::EnvVar> {
  static constexpr std::string_view name = "PagesEnvVar";
  static constexpr std::string_view doc = "A variable of a project.";
  static constexpr std::array fields = {
      field<&pages::EnvVar::value>("value", "absent for secrets")};
};
template <>
struct describe<pages::DeploymentConfig> {
  static constexpr std::string_view name = "PagesDeploymentConfig";
  static constexpr std::string_view doc = "Settings of one of a project's two environments.";
  static constexpr std::array fields = {
      field<&pages::DeploymentConfig::env_vars>("env_vars", "variables by name")};
};
template <>
struct describe<pages::DeploymentConfigs> {
  static constexpr std::string_view name = "PagesDeploymentConfigs";
  static constexpr std::string_view doc = "Settings of a project's environments.";
  static constexpr std::array fields = {
      field<&pages::DeploymentConfigs::production>("production", "the one that is served")};
};
template <>
struct describe<pages::Source> {
  static constexpr std::string_view name = "PagesSource";
  static constexpr std::string_view doc = "Where a git-connected project gets its commits.";
  static constexpr std::array fields = {
      field<&pages::Source::type>("type", "absent for Direct Upload")};
};
template <>
struct describe<pages::CanonicalDeployment> {
  static constexpr std::string_view name = "PagesCanonicalDeployment";
  static constexpr std::string_view doc = "The deployment that a project serves.";
  static constexpr std::array fields = {field<&pages::CanonicalDeployment::id>("id", "its id")};
};
template <>
struct describe<pages::Project> {
  static constexpr std::string_view name = "PagesProject";
  static constexpr std::string_view doc = "A Pages project.";
  static constexpr std::array fields = {
      field<&pages::Project::name>("name", "unique in the account"),
      field<&pages::Project::subdomain>("subdomain", "host name; may carry a suffix"),
      field<&pages::Project::deployment_configs>("deployment_configs", "settings"),
      field<&pages::Project::source>("source", "null or empty for Direct Upload"),
      field<&pages::Project::canonical_deployment>("canonical_deployment", "what it serves"),
  };
};
template <>
struct describe<pages::Stage> {
  static constexpr std::string_view name = "PagesStage";
  static constexpr std::string_view doc = "A step of a Pages deployment.";
  static constexpr std::array fields = {
      field<&pages::Stage::name>("name", "queued, initialize, clone_repo, build, deploy"),
      field<&pages::Stage::status>("status", "idle, active, success, failure, canceled, skipped"),
  };
};
template <>
struct describe<pages::TriggerMetadata> {
  static constexpr std::string_view name = "PagesTriggerMetadata";
  static constexpr std::string_view doc = "What the uploader said of its commit.";
  static constexpr std::array fields = {
      field<&pages::TriggerMetadata::commit_message>("commit_message", "names our deployment")};
};
template <>
struct describe<pages::Trigger> {
  static constexpr std::string_view name = "PagesTrigger";
  static constexpr std::string_view doc = "What started a Pages deployment.";
  static constexpr std::array fields = {field<&pages::Trigger::metadata>("metadata", "details")};
};
template <>
struct describe<pages::PagesDeployment> {
  static constexpr std::string_view name = "PagesDeployment";
  static constexpr std::string_view doc = "A deployment at Pages.";
  static constexpr std::array fields = {
      field<&pages::PagesDeployment::id>("id", "its id"),
      field<&pages::PagesDeployment::url>("url", "its own address"),
      field<&pages::PagesDeployment::latest_stage>("latest_stage", "how far it is"),
      field<&pages::PagesDeployment::is_skipped>("is_skipped", "it will not go on"),
      field<&pages::PagesDeployment::aliases>("aliases", "further addresses; absent: none"),
      field<&pages::PagesDeployment::deployment_trigger>("deployment_trigger", "its origin"),
  };
};
template <>
struct describe<pages::EnvelopeError> {
  static constexpr std::string_view name = "PagesError";
  static constexpr std::string_view doc = "One error of an answer.";
  static constexpr std::array fields = {
      field<&pages::EnvelopeError::code>("code", "1000 or more"),
      field<&pages::EnvelopeError::message>("message", "in words"),
  };
};
template <>
struct describe<pages::ProjectEnvelope> {
  static constexpr std::string_view name = "PagesProjectEnvelope";
  static constexpr std::string_view doc = "An answer with one project.";
  static constexpr std::array fields = {field<&pages::ProjectEnvelope::result>("result", "it")};
};
template <>
struct describe<pages::DeploymentEnvelope> {
  static constexpr std::string_view name = "PagesDeploymentEnvelope";
  static constexpr std::string_view doc = "An answer with one deployment.";
  static constexpr std::array fields = {field<&pages::DeploymentEnvelope::result>("result", "it")};
};
template <>
struct describe<pages::DeploymentsEnvelope> {
  static constexpr std::string_view name = "PagesDeploymentsEnvelope";
  static constexpr std::string_view doc = "An answer with several deployments.";
  static constexpr std::array fields = {
      field<&pages::DeploymentsEnvelope::result>("result", "newest first")};
};
template <>
struct describe<pages::SuccessEnvelope> {
  static constexpr std::string_view name = "PagesSuccessEnvelope";
  static constexpr std::string_view doc = "What every success says.";
  static constexpr std::array fields = {
      field<&pages::SuccessEnvelope::success>("success", "whether the call took effect"),
  };
};
template <>
struct describe<pages::ErrorEnvelope> {
  static constexpr std::string_view name = "PagesErrorEnvelope";
  static constexpr std::string_view doc = "A refusal.";
  static constexpr std::array fields = {
      field<&pages::ErrorEnvelope::errors>("errors", "the first one counts")};
};
template <>
struct describe<pages::Manifest> {
  static constexpr std::string_view name = "SlipwayManifest";
  static constexpr std::string_view doc = "What a build says it made.";
  static constexpr std::array fields = {
      field<&pages::Manifest::deployment>("deployment", "the deployment"),
      field<&pages::Manifest::version>("version", "configuration version"),
      field<&pages::Manifest::files>("files", "SHA-256 in hex by path"),
  };
};

}  // namespace slipway
