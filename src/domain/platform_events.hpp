// What can become true about a platform after its creation, beside its configuration.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "domain/names.hpp"

namespace slipway {

struct PlatformRenamed {
  std::string name;
};
struct EnvironmentsChanged {
  std::vector<Environment> environments;
  std::vector<Environment> added;
  std::vector<Environment> removed;
};
struct PlatformSuspended {
  std::string reason;
};
struct PlatformResumed {
  std::string reason;
};
struct PlatformDeletionStarted {
  std::string operation_id;
};
struct PlatformDeleted {
  int64_t config_version = 0;
};

template <>
struct describe<PlatformRenamed> {
  static constexpr std::string_view name = "platform_renamed";
  static constexpr std::string_view doc = "The platform has another name.";
  static constexpr std::array fields = {field<&PlatformRenamed::name>("name", "the new one")};
};
template <>
struct describe<EnvironmentsChanged> {
  static constexpr std::string_view name = "environments_changed";
  static constexpr std::string_view doc = "The platform has other environments.";
  static constexpr std::array fields = {
      field<&EnvironmentsChanged::environments>("environments", "all of them from now on"),
      field<&EnvironmentsChanged::added>("added", "those that were added"),
      field<&EnvironmentsChanged::removed>("removed", "those that are taken down"),
  };
};
template <>
struct describe<PlatformSuspended> {
  static constexpr std::string_view name = "platform_suspended";
  static constexpr std::string_view doc =
      "Nothing of the platform is deployed until it is resumed.";
  static constexpr std::array fields = {field<&PlatformSuspended::reason>("reason", "why")};
};
template <>
struct describe<PlatformResumed> {
  static constexpr std::string_view name = "platform_resumed";
  static constexpr std::string_view doc = "The platform is deployed again.";
  static constexpr std::array fields = {field<&PlatformResumed::reason>("reason", "why")};
};
template <>
struct describe<PlatformDeletionStarted> {
  static constexpr std::string_view name = "platform_deletion_started";
  static constexpr std::string_view doc = "The platform is to be gone: its sites, then it.";
  static constexpr std::array fields = {
      field<&PlatformDeletionStarted::operation_id>("operation_id", "the operation")};
};
template <>
struct describe<PlatformDeleted> {
  static constexpr std::string_view name = "platform_deleted";
  static constexpr std::string_view doc = "Its sites and its configuration are gone.";
  static constexpr std::array fields = {
      field<&PlatformDeleted::config_version>("config_version", "the last version that it had")};
};

}  // namespace slipway
