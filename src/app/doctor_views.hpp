// What the doctor finds.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "wire/describe.hpp"

namespace slipway {

enum class DoctorState : uint8_t { ok, warning, failed, unknown };
template <>
struct describe<DoctorState> {
  static constexpr std::string_view name = "DoctorState";
  static constexpr std::array<std::string_view, 4> names = {"ok", "warning", "failed", "unknown"};
};

struct DoctorCheck {
  std::string name;
  DoctorState state{};
  std::string detail;
  std::optional<std::string> next;
};
template <>
struct describe<DoctorCheck> {
  static constexpr std::string_view name = "DoctorCheck";
  static constexpr std::string_view doc = "One thing that was looked at.";
  static constexpr std::array fields = {
      field<&DoctorCheck::name>("name",
                                "storage, cron, outbox, dead_letters, cloudflare_token:<account>, "
                                "github_token, builder_workflow, sealing, publishing, "
                                "github_connection"),
      field<&DoctorCheck::state>("state", "unknown: it could not be found out"),
      field<&DoctorCheck::detail>("detail", "what was found"),
      field<&DoctorCheck::next>("next", "the step that mends it"),
  };
};

struct DoctorView {
  std::vector<DoctorCheck> checks;
};
template <>
struct describe<DoctorView> {
  static constexpr std::string_view name = "Doctor";
  static constexpr std::string_view doc = "What is missing, and how to mend it.";
  static constexpr std::array fields = {
      field<&DoctorView::checks>("checks", "everything that was looked at")};
};

}  // namespace slipway
