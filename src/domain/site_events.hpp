// What can become true about a site and its deployments: the events of the journal of a site.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <variant>

#include "domain/deployment_events.hpp"
#include "domain/removal.hpp"
#include "domain/site_control.hpp"

namespace slipway {

struct SitePlanned {
  std::string platform_id;
  Environment environment{};
  std::string account;
  int64_t config_version = 0;
  std::string shell_sha;
  std::string reason;
};
struct SitePlaced {
  std::string account;
  int64_t begins_ms = 0;
};
struct SiteDisplaced {
  std::string detail;
};
struct ProjectCreateStarted {
  int64_t attempt = 0;
};
struct ProjectCreateDeferred {
  std::string detail;
  std::optional<int64_t> until_ms;
};
struct ProjectAdoptRequested {
  std::string project;
};
struct ProjectAdoptStarted {
  int64_t attempt = 0;
};
struct ProjectReady {
  std::string subdomain;
  bool adopted = false;
};
struct ProjectMissing {
  std::string detail;
};
struct SiteBlocked {
  Failure failure;
};
struct SiteUnblocked {
  std::string reason;
};
struct SiteImported {
  std::string platform_id;
  Environment environment{};
  std::string account;
  int64_t config_version = 0;
  std::string shell_sha;
  std::string reason;
};
struct SiteTakenOver {
  std::string subdomain;
  std::string branch;
  int64_t config_version = 0;
  std::string shell_sha;
  std::string reason;
};
struct SiteReplaced {
  std::string project_name;
  int64_t config_version = 0;
  std::string shell_sha;
  std::string reason;
};
struct SiteReturned {
  std::string reason;
  std::optional<std::string> account = std::nullopt;
};
struct DesiredChanged {
  int64_t config_version = 0;
  std::string shell_sha;
  std::string reason;
  std::optional<int64_t> due_ms = std::nullopt;
  bool interactive = false;
};

template <>
struct describe<SitePlanned> {
  static constexpr std::string_view name = "site_planned";
  static constexpr std::string_view doc = "The site is wanted; its project is to be created.";
  static constexpr std::array fields = {
      field<&SitePlanned::platform_id>("platform_id", "the platform"),
      field<&SitePlanned::environment>("environment", "the environment"),
      field<&SitePlanned::account>("account", "the Cloudflare account; empty: not chosen yet"),
      field<&SitePlanned::config_version>("config_version", "configuration to deploy"),
      field<&SitePlanned::shell_sha>("shell_sha", "commit of the shell; empty: its head"),
      field<&SitePlanned::reason>("reason", "why"),
  };
};
template <>
struct describe<SitePlaced> {
  static constexpr std::string_view name = "site_placed";
  static constexpr std::string_view doc = "The site has an account, and its turn there.";
  static constexpr std::array fields = {
      field<&SitePlaced::account>("account", "the Cloudflare account"),
      field<&SitePlaced::begins_ms>("begins_ms", "its project is not made before"),
  };
};
template <>
struct describe<SiteDisplaced> {
  static constexpr std::string_view name = "site_displaced";
  static constexpr std::string_view doc =
      "The account takes no site any more; nothing of the site exists there.";
  static constexpr std::array fields = {field<&SiteDisplaced::detail>("detail", "why")};
};
template <>
struct describe<ProjectAdoptRequested> {
  static constexpr std::string_view name = "project_adopt_requested";
  static constexpr std::string_view doc = "A person gave us the project that has the name.";
  static constexpr std::array fields = {
      field<&ProjectAdoptRequested::project>("project", "its name")};
};
template <>
struct describe<ProjectAdoptStarted> {
  static constexpr std::string_view name = "project_adopt_started";
  static constexpr std::string_view doc = "Written before our marker is put into the project.";
  static constexpr std::array fields = {
      field<&ProjectAdoptStarted::attempt>("attempt", "counts from 1"),
  };
};
template <>
struct describe<ProjectCreateStarted> {
  static constexpr std::string_view name = "project_create_started";
  static constexpr std::string_view doc = "Written before the project's creation is sent.";
  static constexpr std::array fields = {
      field<&ProjectCreateStarted::attempt>("attempt", "counts from 1"),
  };
};
template <>
struct describe<ProjectCreateDeferred> {
  static constexpr std::string_view name = "project_create_deferred";
  static constexpr std::string_view doc =
      "A limit let nothing be made; the attempt does not count.";
  static constexpr std::array fields = {
      field<&ProjectCreateDeferred::detail>("detail", "why"),
      field<&ProjectCreateDeferred::until_ms>("until_ms", "when it is tried again"),
  };
};
template <>
struct describe<ProjectReady> {
  static constexpr std::string_view name = "project_ready";
  static constexpr std::string_view doc = "The Pages project exists and is ours.";
  static constexpr std::array fields = {
      field<&ProjectReady::subdomain>("subdomain", "its host name"),
      field<&ProjectReady::adopted>("adopted", "found with our marker instead of made"),
  };
};
template <>
struct describe<ProjectMissing> {
  static constexpr std::string_view name = "project_missing";
  static constexpr std::string_view doc = "The Pages project is gone; it is to be made again.";
  static constexpr std::array fields = {
      field<&ProjectMissing::detail>("detail", "what was seen instead"),
  };
};
template <>
struct describe<SiteBlocked> {
  static constexpr std::string_view name = "site_blocked";
  static constexpr std::string_view doc = "The site cannot go on without a person.";
  static constexpr std::array fields = {field<&SiteBlocked::failure>("failure", "why")};
};
template <>
struct describe<SiteUnblocked> {
  static constexpr std::string_view name = "site_unblocked";
  static constexpr std::string_view doc = "A person asked to try again.";
  static constexpr std::array fields = {field<&SiteUnblocked::reason>("reason", "why")};
};
template <>
struct describe<SiteImported> {
  static constexpr std::string_view name = "site_imported";
  static constexpr std::string_view doc = "The site is known; its old project serves it.";
  static constexpr std::array fields = {
      field<&SiteImported::platform_id>("platform_id", "the platform"),
      field<&SiteImported::environment>("environment", "the environment"),
      field<&SiteImported::account>("account", "the Cloudflare account of the old project"),
      field<&SiteImported::config_version>("config_version", "configuration that was imported"),
      field<&SiteImported::shell_sha>("shell_sha", "commit of the shell; empty: its head"),
      field<&SiteImported::reason>("reason", "why"),
  };
};
template <>
struct describe<SiteTakenOver> {
  static constexpr std::string_view name = "site_taken_over";
  static constexpr std::string_view doc = "The old project is deployed to by uploads.";
  static constexpr std::array fields = {
      field<&SiteTakenOver::subdomain>("subdomain", "its host name"),
      field<&SiteTakenOver::branch>("branch", "its production branch"),
      field<&SiteTakenOver::config_version>("config_version", "configuration to deploy"),
      field<&SiteTakenOver::shell_sha>("shell_sha", "commit of the shell; empty: its head"),
      field<&SiteTakenOver::reason>("reason", "why"),
  };
};
template <>
struct describe<SiteReplaced> {
  static constexpr std::string_view name = "site_replaced";
  static constexpr std::string_view doc = "A new project beside the old one is to be created.";
  static constexpr std::array fields = {
      field<&SiteReplaced::project_name>("project_name", "the new project"),
      field<&SiteReplaced::config_version>("config_version", "configuration to deploy"),
      field<&SiteReplaced::shell_sha>("shell_sha", "commit of the shell; empty: its head"),
      field<&SiteReplaced::reason>("reason", "why"),
  };
};
template <>
struct describe<SiteReturned> {
  static constexpr std::string_view name = "site_returned";
  static constexpr std::string_view doc = "The old project serves the site again.";
  static constexpr std::array fields = {
      field<&SiteReturned::reason>("reason", "why"),
      field<&SiteReturned::account>("account", "that of its old project, where it had left that"),
  };
};
template <>
struct describe<DesiredChanged> {
  static constexpr std::string_view name = "desired_changed";
  static constexpr std::string_view doc = "The site should serve something else, or anew.";
  static constexpr std::array fields = {
      field<&DesiredChanged::config_version>("config_version", "configuration to deploy"),
      field<&DesiredChanged::shell_sha>("shell_sha", "commit of the shell; empty: its head"),
      field<&DesiredChanged::reason>("reason", "why"),
      field<&DesiredChanged::due_ms>("due_ms", "not planned before; absent: at once"),
      field<&DesiredChanged::interactive>("interactive", "somebody waits for it"),
  };
};
/// Everything that can become true about a site.
using SiteEvent =
    std::variant<SitePlanned, SitePlaced, SiteDisplaced, ProjectCreateStarted,
                 ProjectCreateDeferred, ProjectAdoptRequested, ProjectAdoptStarted, ProjectReady,
                 SiteBlocked, SiteUnblocked, DesiredChanged, ProjectMissing, DeploymentPlanned,
                 DeploymentDispatching, DeploymentDispatched, DeploymentDispatchUnknown,
                 DeploymentDispatchDeferred, DeploymentRetargeted, DeploymentSuperseded,
                 DeploymentRunning, DeploymentUploaded, DeploymentVerifying, DeploymentLive,
                 DeploymentFailed, DeploymentLost, SiteSuspended, SiteResumed, SiteDeletionStarted,
                 ProjectRemovalStarted, ProjectRemovalBlocked, SiteDeleted, DeploymentCancelled,
                 SiteImported, SiteTakenOver, SiteReplaced, SiteReturned, BuildsPaused,
                 BuildsResumed, SitePinned, SiteUnpinned, RollbackStarted, RollbackRefused,
                 SiteRolledBack, SiteDrifted, SiteMatches>;

}  // namespace slipway
