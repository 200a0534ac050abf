// What is sent to hold back, stop, repeat and undo, and what the API answers to it.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "wire/describe.hpp"

namespace slipway {

struct FreezeBody {
  std::string reason;
};
template <>
struct describe<FreezeBody> {
  static constexpr std::string_view name = "FleetFreeze";
  static constexpr std::string_view doc = "Why no deployment may begin.";
  static constexpr std::array fields = {
      field<&FreezeBody::reason>("reason", "shown to everyone, 1 to 500 bytes")};
};

struct FrozenView {
  std::string reason;
  std::string by;
  std::string since;
};
template <>
struct describe<FrozenView> {
  static constexpr std::string_view name = "FleetFrozen";
  static constexpr std::string_view doc = "Why no deployment begins.";
  static constexpr std::array fields = {
      field<&FrozenView::reason>("reason", "why"),
      field<&FrozenView::by>("by", "who froze it"),
      field<&FrozenView::since>("since", "RFC 3339, UTC"),
  };
};

struct RollbackBody {
  std::optional<std::string> deployment_id;
  std::optional<std::string> reason;
};
template <>
struct describe<RollbackBody> {
  static constexpr std::string_view name = "Rollback";
  static constexpr std::string_view doc = "Which deployment a site goes back to.";
  static constexpr std::array fields = {
      field<&RollbackBody::deployment_id>("deploymentId",
                                          "one that was live; absent: the one before the present"),
      field<&RollbackBody::reason>("reason", "shown with the pin, 1 to 500 bytes"),
  };
};

/// What a look at a served site tells.
enum class CheckResult : uint8_t { matches, drifted, unreachable, unclear };
template <>
struct describe<CheckResult> {
  static constexpr std::string_view name = "CheckResult";
  static constexpr std::array<std::string_view, 4> names = {"matches", "drifted", "unreachable",
                                                            "unclear"};
};

struct SiteCheckView {
  CheckResult result{};
  std::string deployment_id;
  std::optional<std::string> detail;
  int64_t files = 0;
};
template <>
struct describe<SiteCheckView> {
  static constexpr std::string_view name = "SiteCheck";
  static constexpr std::string_view doc = "Whether a site serves what was verified.";
  static constexpr std::array fields = {
      field<&SiteCheckView::result>("result", "only `matches` and `drifted` are findings"),
      field<&SiteCheckView::deployment_id>("deploymentId", "what it should serve"),
      field<&SiteCheckView::detail>("detail", "what was seen instead, in words"),
      field<&SiteCheckView::files>("files", "files whose bytes were compared"),
  };
};

struct FleetView {
  std::optional<FrozenView> frozen;
};
template <>
struct describe<FleetView> {
  static constexpr std::string_view name = "Fleet";
  static constexpr std::string_view doc = "The whole fleet.";
  static constexpr std::array fields = {
      field<&FleetView::frozen>("frozen", "while no deployment begins anywhere")};
};

}  // namespace slipway
