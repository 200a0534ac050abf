// Small pure functions over text: digits, hex, dates, character classes.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace slipway {

[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
[[nodiscard]] constexpr bool is_hex_lower(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }

/// Whether `text` is words of `[a-z0-9]+` joined by single dashes.
[[nodiscard]] bool is_kebab(std::string_view text);

/// Whether `text` is `size` lower-case hex digits.
[[nodiscard]] bool is_hex(std::string_view text, size_t size);

/// Decimal text of a number.
[[nodiscard]] std::string to_text(int64_t number);

/// The number that `text` writes in decimal: digits only, at most 2^53 - 1; else nothing.
[[nodiscard]] std::optional<int64_t> to_number(std::string_view text);

/// Whether `text` is a number by the grammar of JSON, however large.
[[nodiscard]] bool is_json_number(std::string_view text);

/// RFC 3339 in UTC with milliseconds, such as `2026-11-21T17:39:00.000Z`.
/// `at_ms` is in milliseconds since the epoch, not negative.
[[nodiscard]] std::string to_rfc3339(int64_t at_ms);

/// RFC 3339 in UTC with seconds, as GitHub's search syntax takes it.
[[nodiscard]] std::string to_rfc3339_seconds(int64_t at_ms);

/// `text` with every byte that is not unreserved in a URL component percent-encoded. `.` and `..`
/// climb as segments of a path however they are spelled (https://url.spec.whatwg.org, "double-dot
/// URL path segment"): they are encoded twice, and so name something that nobody has.
[[nodiscard]] std::string url_component(std::string_view text);

/// The first `bytes_max` bytes of `text`, ending at a UTF-8 character.
[[nodiscard]] std::string_view head(std::string_view text, size_t bytes_max);

/// The last `bytes_max` bytes of `text`, beginning at a UTF-8 character.
[[nodiscard]] std::string_view tail(std::string_view text, size_t bytes_max);

/// The concatenation of the parts.
[[nodiscard]] std::string joined(std::initializer_list<std::string_view> parts);

/// The concatenation of its arguments.
template <class... Parts>
[[nodiscard]] std::string concat(const Parts&... parts) {
  return joined({std::string_view(parts)...});
}

}  // namespace slipway
