#include "app/control_views.hpp"

#include "base/text.hpp"

namespace slipway {

std::optional<PauseView> pause_of(const SiteRow& site) {
  if (!site.paused) return std::nullopt;
  return PauseView{site.paused->reason, to_rfc3339(site.paused->at_ms)};
}

std::optional<PinView> pin_of(const SiteRow& site) {
  if (!site.pin) return std::nullopt;
  const Pin& pin = *site.pin;
  return PinView{pin.deployment_id, pin.config_version, pin.shell_sha, pin.reason,
                 to_rfc3339(pin.at_ms)};
}

std::optional<DriftView> drift_of(const SiteRow& site) {
  if (!site.drift) return std::nullopt;
  return DriftView{site.drift->detail, to_rfc3339(site.drift->seen_ms)};
}

}  // namespace slipway
