// What the API shows of what holds a site: a pause, a pin, and drift.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "domain/site.hpp"

namespace slipway {

struct PauseView {
  std::string reason;
  std::string since;
};
template <>
struct describe<PauseView> {
  static constexpr std::string_view name = "BuildsPause";
  static constexpr std::string_view doc = "Nothing is built; what is wished is kept.";
  static constexpr std::array fields = {
      field<&PauseView::reason>("reason", "why"),
      field<&PauseView::since>("since", "RFC 3339, UTC"),
  };
};

struct PinView {
  std::string deployment_id;
  int64_t config_version = 0;
  std::string shell_sha;
  std::string reason;
  std::string since;
};
template <>
struct describe<PinView> {
  static constexpr std::string_view name = "SitePin";
  static constexpr std::string_view doc = "A rollback holds the site at this version.";
  static constexpr std::array fields = {
      field<&PinView::deployment_id>("deploymentId", "the deployment that was live"),
      field<&PinView::config_version>("configVersion", "its configuration"),
      field<&PinView::shell_sha>("shellSha", "pinned commit of the shell; empty: its head"),
      field<&PinView::reason>("reason", "why"),
      field<&PinView::since>("since", "RFC 3339, UTC"),
  };
};

struct DriftView {
  std::string detail;
  std::string since;
};
template <>
struct describe<DriftView> {
  static constexpr std::string_view name = "SiteDrift";
  static constexpr std::string_view doc = "What is served is not what was verified.";
  static constexpr std::array fields = {
      field<&DriftView::detail>("detail", "what differs"),
      field<&DriftView::since>("since", "first seen: RFC 3339, UTC"),
  };
};

[[nodiscard]] std::optional<PauseView> pause_of(const SiteRow& site);
[[nodiscard]] std::optional<PinView> pin_of(const SiteRow& site);
[[nodiscard]] std::optional<DriftView> drift_of(const SiteRow& site);

}  // namespace slipway
