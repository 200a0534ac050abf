// What a pin does to its site.
#pragma once

#include "domain/site.hpp"

namespace slipway {

/// The pin that the event makes: a wish of its own, newer than all before it.
[[nodiscard]] inline Pin pin_of(SiteRow& site, const SitePinned& event, int64_t at_ms) {
  Pin pin;
  pin.revision = ++site.desired.revision;
  pin.config_version = event.config_version;
  pin.shell_sha = event.shell_sha;
  pin.deployment_id = event.pinned_id;
  pin.pages_deployment_id = event.pages_deployment_id;
  pin.reason = event.reason;
  pin.at_ms = at_ms;
  pin.way = event.pages_deployment_id ? PinWay::pages : PinWay::redeploy;
  return pin;
}

/// The project was lost with all its deployments: the pinned version is built again.
inline void pin_anew(SiteRow& site) {
  if (!site.pin) return;
  site.pin->revision = site.desired.revision;
  site.pin->pages_deployment_id.reset();
  site.pin->way = PinWay::redeploy;
}

/// A deployment that is planned while the site is pinned carries the pin's version.
inline void serve_pin(Deployment& out, const Pin& pin) {
  out.revision = pin.revision;
  out.config_version = pin.config_version;
  out.shell_sha = pin.shell_sha;
  out.reasons = {pin.reason};
}

}  // namespace slipway
