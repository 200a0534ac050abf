// Why something rests: stored with the row, shown to people.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "wire/describe.hpp"

namespace slipway {

/// The end of an attempt, or the reason of a block.
struct Failure {
  std::string code;
  std::string detail;
  std::string next;
  std::optional<std::string> log_tail;
};
template <>
struct describe<Failure> {
  static constexpr std::string_view name = "Failure";
  static constexpr std::string_view doc = "Why it rests, and what a person can do.";
  static constexpr std::array fields = {
      field<&Failure::code>("code", "stable dotted code"),
      field<&Failure::detail>("detail", "what happened"),
      field<&Failure::next>("next", "the next step for a human"),
      field<&Failure::log_tail>("logTail", "last lines of the log, where there is one"),
  };
};

/// A failure of this code. The next step comes from the error table.
[[nodiscard]] inline Failure failure(ErrorCode code, std::string detail,
                                     std::optional<std::string> log_tail = std::nullopt) {
  if (log_tail) log_tail = std::string(tail(*log_tail, limits::log_tail_bytes_max));
  return {std::string(info(code).name), std::move(detail), std::string(info(code).next),
          std::move(log_tail)};
}

}  // namespace slipway
