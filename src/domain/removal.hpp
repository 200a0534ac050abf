// Taking a site down: how far it is, and the events of suspending and deleting a site.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "domain/failure.hpp"

namespace slipway {

/// What is removed at Cloudflare, in this order.
enum class RemovalStep : uint8_t { domains, deployments, project };
template <>
struct describe<RemovalStep> {
  static constexpr std::string_view name = "RemovalStep";
  static constexpr std::array<std::string_view, 3> names = {"domains", "deployments", "project"};
};

/// What was found in the place of the project when its site was deleted.
enum class RemovedProject : uint8_t { removed, absent, not_ours };
template <>
struct describe<RemovedProject> {
  static constexpr std::string_view name = "RemovedProject";
  static constexpr std::array<std::string_view, 3> names = {"removed", "absent", "not_ours"};
};

/// How far the removal of a site's project is, and how it ended.
struct Removal {
  int64_t started_ms = 0;
  std::optional<RemovalStep> step;
  std::optional<int64_t> left;
  std::optional<RemovedProject> project;
};
template <>
struct describe<Removal> {
  static constexpr std::string_view name = "Removal";
  static constexpr std::string_view doc = "How far the removal of a site is.";
  static constexpr std::array fields = {
      field<&Removal::started_ms>("started_ms", "milliseconds since the epoch"),
      field<&Removal::step>("step", "what is being removed"),
      field<&Removal::left>("left", "how many of that there were when it was last looked"),
      field<&Removal::project>("project", "what became of the project, once the site is deleted"),
  };
};

struct SiteSuspended {
  std::string reason;
};
struct SiteResumed {
  std::string reason;
};
struct SiteDeletionStarted {
  std::string reason;
};
struct ProjectRemovalStarted {
  RemovalStep step{};
  int64_t items = 0;
  int64_t left = 0;
};
struct ProjectRemovalBlocked {
  Failure failure;
};
struct SiteDeleted {
  RemovedProject project{};
};
struct DeploymentCancelled {
  std::string deployment_id;
  Failure failure;
};

template <>
struct describe<SiteSuspended> {
  static constexpr std::string_view name = "site_suspended";
  static constexpr std::string_view doc = "No deployment is planned until it is resumed.";
  static constexpr std::array fields = {field<&SiteSuspended::reason>("reason", "why")};
};
template <>
struct describe<SiteResumed> {
  static constexpr std::string_view name = "site_resumed";
  static constexpr std::string_view doc = "Its project is looked at, then its wish is deployed.";
  static constexpr std::array fields = {field<&SiteResumed::reason>("reason", "why")};
};
template <>
struct describe<SiteDeletionStarted> {
  static constexpr std::string_view name = "site_deletion_started";
  static constexpr std::string_view doc = "The site is to go, with its project; or again.";
  static constexpr std::array fields = {field<&SiteDeletionStarted::reason>("reason", "why")};
};
template <>
struct describe<ProjectRemovalStarted> {
  static constexpr std::string_view name = "project_removal_started";
  static constexpr std::string_view doc = "Written before deletions are sent to Cloudflare.";
  static constexpr std::array fields = {
      field<&ProjectRemovalStarted::step>("step", "what is deleted"),
      field<&ProjectRemovalStarted::items>("items", "how many now, at most"),
      field<&ProjectRemovalStarted::left>("left", "how many there were when it was looked"),
  };
};
template <>
struct describe<ProjectRemovalBlocked> {
  static constexpr std::string_view name = "project_removal_blocked";
  static constexpr std::string_view doc = "The removal cannot go on without a person.";
  static constexpr std::array fields = {field<&ProjectRemovalBlocked::failure>("failure", "why")};
};
template <>
struct describe<SiteDeleted> {
  static constexpr std::string_view name = "site_deleted";
  static constexpr std::string_view doc = "Nothing of the site is left at Cloudflare.";
  static constexpr std::array fields = {
      field<&SiteDeleted::project>("project", "whether it was removed, absent or not ours")};
};
template <>
struct describe<DeploymentCancelled> {
  static constexpr std::string_view name = "deployment_cancelled";
  static constexpr std::string_view doc = "It was let go, because its site is taken down.";
  static constexpr std::array fields = {
      field<&DeploymentCancelled::deployment_id>("deployment_id", "the deployment"),
      field<&DeploymentCancelled::failure>("failure", "why"),
  };
};

}  // namespace slipway
