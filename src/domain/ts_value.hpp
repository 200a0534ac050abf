// Values in TypeScript source: literals, and what may stand around them without changing them.
#pragma once

#include <string>
#include <string_view>

#include "domain/ts_scan.hpp"

namespace slipway {

/// Deepest nesting of brackets and parentheses in a value.
inline constexpr size_t literal_depth_max = 32;

/// Goes past the value that the scanner stands on and appends it to `json`. False at something
/// whose value is only known when the module runs, or that JSON cannot hold.
[[nodiscard]] bool read_value(TsScanner& in, std::string& json);

/// Goes past `as const`, `as T` and `satisfies T` after a value.
[[nodiscard]] bool skip_assertions(TsScanner& in);

/// Notes what the scanner stands on instead of the end of a value; `expected` says what may follow.
bool fail_after_value(TsScanner& in, std::string_view expected);

/// Notes what the scanner stands on instead of a value.
bool fail_at_value(TsScanner& in);

}  // namespace slipway
