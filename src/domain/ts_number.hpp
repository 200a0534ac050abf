// Numbers of TypeScript source as JSON numbers, digit for digit: nothing is rounded.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/ts_fault.hpp"

namespace slipway {

/// Reads the number literal at `at`, which begins with a digit, or with a dot and a digit.
/// Sets `end` to the offset after it and appends to `json` a JSON number of the same value, with
/// the same digits where they are decimal. Integers beyond 2^53 - 1, which JavaScript rounds, and
/// numbers that it takes for infinite are problems.
[[nodiscard]] std::optional<LiteralProblem> scan_number(std::string_view source, size_t at,
                                                        size_t& end, std::string& json);

}  // namespace slipway
