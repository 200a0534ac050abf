// What people hold a site with, and what is seen of it: builds are paused, a rollback pins it to a
// version, the served bytes differ from what was verified.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "domain/deployment.hpp"

namespace slipway {

/// Why nothing is built for the site, although wishes are recorded.
struct Pause {
  std::string reason;
  int64_t at_ms = 0;
};
template <>
struct describe<Pause> {
  static constexpr std::string_view name = "Pause";
  static constexpr std::string_view doc = "Nothing is built; wishes are recorded.";
  static constexpr std::array fields = {
      field<&Pause::reason>("reason", "why"),
      field<&Pause::at_ms>("at_ms", "since, milliseconds since the epoch"),
  };
};

/// How a pinned site comes to serve its version.
enum class PinWay : uint8_t { pages, redeploy };
template <>
struct describe<PinWay> {
  static constexpr std::string_view name = "PinWay";
  static constexpr std::array<std::string_view, 2> names = {"pages", "redeploy"};
};

/// The version that a rollback holds the site at. It is a wish of its own, with a revision.
struct Pin {
  int64_t revision = 0;
  int64_t config_version = 0;
  std::string shell_sha;
  std::string deployment_id;
  std::optional<std::string> pages_deployment_id;
  std::string reason;
  int64_t at_ms = 0;
  PinWay way{};
  int64_t attempts = 0;
};
template <>
struct describe<Pin> {
  static constexpr std::string_view name = "Pin";
  static constexpr std::string_view doc = "The version that a rollback holds the site at.";
  static constexpr std::array fields = {
      field<&Pin::revision>("revision", "the wish that it is"),
      field<&Pin::config_version>("config_version", "configuration version"),
      field<&Pin::shell_sha>("shell_sha", "commit of the shell; empty: its head"),
      field<&Pin::deployment_id>("deployment_id", "the deployment that was live"),
      field<&Pin::pages_deployment_id>("pages_deployment_id", "its id at Pages, to roll back to"),
      field<&Pin::reason>("reason", "why"),
      field<&Pin::at_ms>("at_ms", "since, milliseconds since the epoch"),
      field<&Pin::way>("way", "rolled back at Pages, or built again"),
      field<&Pin::attempts>("attempts", "rollbacks that were sent to Pages"),
  };
};

/// What is served is not what was verified.
struct Drift {
  std::string detail;
  int64_t seen_ms = 0;
};
template <>
struct describe<Drift> {
  static constexpr std::string_view name = "Drift";
  static constexpr std::string_view doc = "What is served is not what was verified.";
  static constexpr std::array fields = {
      field<&Drift::detail>("detail", "what differs"),
      field<&Drift::seen_ms>("seen_ms", "first seen, milliseconds since the epoch"),
  };
};

struct BuildsPaused {
  std::string reason;
};
struct BuildsResumed {};
struct SitePinned {
  int64_t config_version = 0;
  std::string shell_sha;
  std::string pinned_id;
  std::optional<std::string> pages_deployment_id;
  std::string reason;
};
struct SiteUnpinned {
  std::string reason;
};
struct RollbackStarted {
  int64_t attempt = 0;
};
struct RollbackRefused {
  std::string detail;
};
struct SiteRolledBack {
  Verified verified{};
  int64_t verified_files = 0;
};
struct SiteDrifted {
  std::string detail;
};
struct SiteMatches {};

template <>
struct describe<BuildsPaused> {
  static constexpr std::string_view name = "builds_paused";
  static constexpr std::string_view doc = "Nothing is built until a person resumes the builds.";
  static constexpr std::array fields = {field<&BuildsPaused::reason>("reason", "why")};
};
template <>
struct describe<BuildsResumed> {
  static constexpr std::string_view name = "builds_resumed";
  static constexpr std::string_view doc = "What was wished meanwhile is built.";
  static constexpr std::array<FieldInfo, 0> fields = {};
};
template <>
struct describe<SitePinned> {
  static constexpr std::string_view name = "site_pinned";
  static constexpr std::string_view doc = "A rollback: the site serves this version, and stays.";
  static constexpr std::array fields = {
      field<&SitePinned::config_version>("config_version", "configuration version"),
      field<&SitePinned::shell_sha>("shell_sha", "commit of the shell; empty: its head"),
      field<&SitePinned::pinned_id>("deployment_id", "the deployment that was live"),
      field<&SitePinned::pages_deployment_id>("pages_deployment_id",
                                              "its id at Pages; absent: it is built again"),
      field<&SitePinned::reason>("reason", "why"),
  };
};
template <>
struct describe<SiteUnpinned> {
  static constexpr std::string_view name = "site_unpinned";
  static constexpr std::string_view doc = "The newest version may be built again.";
  static constexpr std::array fields = {field<&SiteUnpinned::reason>("reason", "why")};
};
template <>
struct describe<RollbackStarted> {
  static constexpr std::string_view name = "rollback_started";
  static constexpr std::string_view doc = "Written before the rollback is sent to Pages.";
  static constexpr std::array fields = {field<&RollbackStarted::attempt>("attempt", "from 1 on")};
};
template <>
struct describe<RollbackRefused> {
  static constexpr std::string_view name = "rollback_refused";
  static constexpr std::string_view doc = "Pages cannot go back to it: it is built again.";
  static constexpr std::array fields = {field<&RollbackRefused::detail>("detail", "why")};
};
template <>
struct describe<SiteRolledBack> {
  static constexpr std::string_view name = "site_rolled_back";
  static constexpr std::string_view doc = "The site serves the pinned deployment again.";
  static constexpr std::array fields = {
      field<&SiteRolledBack::verified>("verified", "how this was checked"),
      field<&SiteRolledBack::verified_files>("verified_files", "files compared"),
  };
};
template <>
struct describe<SiteDrifted> {
  static constexpr std::string_view name = "site_drifted";
  static constexpr std::string_view doc = "What is served is not what was verified.";
  static constexpr std::array fields = {field<&SiteDrifted::detail>("detail", "what differs")};
};
template <>
struct describe<SiteMatches> {
  static constexpr std::string_view name = "site_matches";
  static constexpr std::string_view doc = "What is served is what was verified, again.";
  static constexpr std::array<FieldInfo, 0> fields = {};
};

}  // namespace slipway
