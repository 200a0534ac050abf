// A platform as operations find it: one that was deleted is unknown, one that is being deleted can
// be read and is not changed any more.
#pragma once

#include <optional>
#include <string_view>

#include "app/run.hpp"

namespace slipway {

/// The platform's row; nothing where there is none, or where it was deleted. Asks for the row:
/// check `run.incomplete()` afterwards.
[[nodiscard]] inline std::optional<PlatformRow> known_platform(Run& run, std::string_view id) {
  auto platform = run.row<PlatformRow>("platform", id);
  if (platform && platform->deleted_ms) platform.reset();
  return platform;
}

/// Why the platform cannot be changed, nor its configuration read; nothing where it can.
[[nodiscard]] inline std::optional<Error> platform_fault(
    const std::optional<PlatformRow>& platform) {
  if (!platform) return Error{ErrorCode::platform_unknown, "", {}};
  if (platform->deletion) return Error{ErrorCode::platform_deleting, platform->platform_id, {}};
  return std::nullopt;
}

}  // namespace slipway
