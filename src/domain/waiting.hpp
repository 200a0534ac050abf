// Why something waits that nobody has to act on: stored with the row, shown to people.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "wire/describe.hpp"

namespace slipway {

/// Why nothing is done just now, although nobody has to act.
struct Waiting {
  std::string code;
  std::string detail;
  int64_t until_ms = 0;
};
template <>
struct describe<Waiting> {
  static constexpr std::string_view name = "Waiting";
  static constexpr std::string_view doc = "Why it waits, and until when.";
  static constexpr std::array fields = {
      field<&Waiting::code>("code", "`account.pacing` or `upstream.limit`"),
      field<&Waiting::detail>("detail", "in words"),
      field<&Waiting::until_ms>("until_ms", "when it goes on"),
  };
};

}  // namespace slipway
