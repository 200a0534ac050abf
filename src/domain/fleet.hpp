// The whole fleet: whether anything may be deployed at all. One row, whose id is `fleet`.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "wire/describe.hpp"

namespace slipway {

/// The id of the only row.
inline constexpr std::string_view fleet_id = "fleet";

/// Why no deployment begins anywhere.
struct Frozen {
  std::string reason;
  std::string by;
  int64_t at_ms = 0;
};
template <>
struct describe<Frozen> {
  static constexpr std::string_view name = "Frozen";
  static constexpr std::string_view doc = "No deployment begins anywhere.";
  static constexpr std::array fields = {
      field<&Frozen::reason>("reason", "why"),
      field<&Frozen::by>("by", "who froze it"),
      field<&Frozen::at_ms>("at_ms", "since, milliseconds since the epoch"),
  };
};

struct FleetRow {
  int64_t seq = 0;
  std::optional<Frozen> frozen;
};
template <>
struct describe<FleetRow> {
  static constexpr std::string_view name = "FleetRow";
  static constexpr std::string_view doc = "The whole fleet as it is stored.";
  static constexpr std::array fields = {
      field<&FleetRow::seq>("seq", "events so far"),
      field<&FleetRow::frozen>("frozen", "while no deployment begins"),
  };
};

struct FleetFrozen {
  std::string reason;
  std::string by;
};
struct FleetUnfrozen {};

template <>
struct describe<FleetFrozen> {
  static constexpr std::string_view name = "fleet_frozen";
  static constexpr std::string_view doc =
      "No deployment begins until a person unfreezes the fleet.";
  static constexpr std::array fields = {
      field<&FleetFrozen::reason>("reason", "why"),
      field<&FleetFrozen::by>("by", "who"),
  };
};
template <>
struct describe<FleetUnfrozen> {
  static constexpr std::string_view name = "fleet_unfrozen";
  static constexpr std::string_view doc = "Deployments begin again.";
  static constexpr std::array<FieldInfo, 0> fields = {};
};

/// Everything that can become true about the fleet.
using FleetEvent = std::variant<FleetFrozen, FleetUnfrozen>;

/// Makes the event true on the row; `at_ms` is when it was recorded.
void apply(FleetRow& fleet, const FleetEvent& event, int64_t at_ms);

}  // namespace slipway
