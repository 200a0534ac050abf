// What is said to an upstream, and what came back, as values.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/limits.hpp"
#include "domain/ledger.hpp"
#include "wire/describe.hpp"
#include "wire/json_read.hpp"

namespace slipway {

enum class Target : uint8_t { cloudflare, github, site };
template <>
struct describe<Target> {
  static constexpr std::string_view name = "Target";
  static constexpr std::array<std::string_view, 3> names = {"cloudflare", "github", "site"};
};

/// Where the shim puts a sealed value into a path.
inline constexpr std::string_view sealed_in_path = "{sealed}";

/// One HTTP request to be made by the shim. Holds the name of a credential, never its value.
struct Request {
  Target target{};
  std::optional<std::string> credential;
  std::optional<std::string> sealed;  ///< id of the sealed value that belongs into the path
  std::optional<std::string> host;
  std::string method = "GET";
  std::string path;
  Map<std::string> headers;
  std::optional<std::string> body;
  int64_t timeout_ms = limits::upstream_timeout_ms;
  int64_t body_max = limits::upstream_answer_bytes_max;
  std::optional<Spending> spending;  ///< the budget that it uses; absent: none
};

/// What is known of a request that was sent.
struct Answer {
  bool lost = false;  ///< no answer: whether it took effect is unknown, unless unsent
  std::string_view
      detail;           ///< `timeout`, `network`, `unsent`, `unsealed` or `budget`: only where lost
  int64_t wait_ms = 0;  ///< `budget`: it has room after this long
  int64_t status = 0;   ///< 0 where lost
  Map<std::string> headers;  ///< lower-case names
  PaddedView body;           ///< cut at the request's `body_max`
  bool truncated = false;
  bool garbled = false;  ///< a success without the words that this upstream says it with

  /// The header's value, or nothing.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const {
    for (const auto& [key, value] : headers.members) {
      if (key == name) return value;
    }
    return std::nullopt;
  }
};

}  // namespace slipway
