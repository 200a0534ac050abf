// What the API shows of a platform's lifecycle: suspended, being deleted, and how far that is.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "domain/removal.hpp"

namespace slipway {

struct RemovalView {
  std::string since;
  std::optional<RemovalStep> step;
  std::optional<int64_t> left;
  std::optional<RemovedProject> project;
};
template <>
struct describe<RemovalView> {
  static constexpr std::string_view name = "SiteRemoval";
  static constexpr std::string_view doc = "How far the removal of a site is.";
  static constexpr std::array fields = {
      field<&RemovalView::since>("since", "RFC 3339, UTC"),
      field<&RemovalView::step>("step", "what is being removed at Cloudflare"),
      field<&RemovalView::left>("left", "how many of that there were when it was last looked"),
      field<&RemovalView::project>("project", "what became of the project, once it is done"),
  };
};

/// Whether a platform is deployed, as it was asked for.
enum class PlatformState : uint8_t { active, suspended, deleting };
template <>
struct describe<PlatformState> {
  static constexpr std::string_view name = "PlatformState";
  static constexpr std::array<std::string_view, 3> names = {"active", "suspended", "deleting"};
};

struct SuspensionView {
  std::string reason;
  std::string since;
};
template <>
struct describe<SuspensionView> {
  static constexpr std::string_view name = "PlatformSuspension";
  static constexpr std::string_view doc = "Why nothing is deployed; what is served stays served.";
  static constexpr std::array fields = {
      field<&SuspensionView::reason>("reason", "why"),
      field<&SuspensionView::since>("since", "RFC 3339, UTC"),
  };
};

struct DeletionView {
  std::string operation_id;
  std::string since;
};
template <>
struct describe<DeletionView> {
  static constexpr std::string_view name = "PlatformDeletion";
  static constexpr std::string_view doc = "The platform is being deleted.";
  static constexpr std::array fields = {
      field<&DeletionView::operation_id>("operationId", "the operation that follows it"),
      field<&DeletionView::since>("since", "RFC 3339, UTC"),
  };
};

}  // namespace slipway
