#include "domain/fleet.hpp"

namespace slipway {

void apply(FleetRow& fleet, const FleetEvent& event, int64_t at_ms) {
  if (const auto* frozen = std::get_if<FleetFrozen>(&event)) {
    fleet.frozen = Frozen{frozen->reason, frozen->by, at_ms};
  } else {
    fleet.frozen.reset();
  }
  ++fleet.seq;
}

}  // namespace slipway
