// The states of sites, deployments and batches, by name.
#pragma once

#include <array>
#include <string_view>

#include "wire/describe.hpp"

namespace slipway {

enum class SiteState : uint8_t { absent, creating, ready, blocked };
template <>
struct describe<SiteState> {
  static constexpr std::string_view name = "SiteState";
  static constexpr std::array<std::string_view, 4> names = {"absent", "creating", "ready",
                                                            "blocked"};
};

enum class DeploymentState : uint8_t {
  absent,
  planned,
  dispatching,
  unknown,
  dispatched,
  running,
  uploaded,
  verifying,
  live,
  superseded,
  failed,
  cancelled,
  lost,
};
template <>
struct describe<DeploymentState> {
  static constexpr std::string_view name = "DeploymentState";
  static constexpr std::array<std::string_view, 13> names = {
      "absent",    "planned", "dispatching", "unknown", "dispatched", "running", "uploaded",
      "verifying", "live",    "superseded",  "failed",  "cancelled",  "lost"};
};

enum class BatchState : uint8_t {
  absent,
  planned,
  dispatching,
  unknown,
  dispatched,
  claimed,
  closed,
};
template <>
struct describe<BatchState> {
  static constexpr std::string_view name = "BatchState";
  static constexpr std::array<std::string_view, 7> names = {
      "absent", "planned", "dispatching", "unknown", "dispatched", "claimed", "closed"};
};

/// Whether a deployment has come to its end, good or bad.
[[nodiscard]] constexpr bool is_terminal(DeploymentState state) {
  return state >= DeploymentState::live;
}

/// Whether a deployment waits for the builder: nothing of it is known to be uploaded.
[[nodiscard]] constexpr bool is_before_upload(DeploymentState state) {
  return state >= DeploymentState::planned && state <= DeploymentState::running;
}

}  // namespace slipway
