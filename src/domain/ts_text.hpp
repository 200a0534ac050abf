// Characters of TypeScript source: UTF-8, white space, words, and the text of string literals.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/ts_fault.hpp"

namespace slipway {

/// The length of the longest prefix that is UTF-8.
[[nodiscard]] size_t utf8_prefix(std::string_view text);

/// A white space character or line end.
struct TsSpace {
  size_t size = 0;  ///< in bytes; 0 where there is none
  bool ends_line = false;
};

/// The white space or line end at `at`, by ECMAScript. CR and LF are one each.
[[nodiscard]] TsSpace space_at(std::string_view source, size_t at);

/// The bytes of the identifier or keyword at `at`; 0 where there is none. Characters beyond ASCII
/// count as letters: a compiler has accepted them before.
[[nodiscard]] size_t word_size(std::string_view source, size_t at);

/// Reads the string literal or template without holes whose quote stands at `at`.
/// Sets `end` to the offset after its closing quote and appends its text, as UTF-8, to `text`.
[[nodiscard]] std::optional<LiteralProblem> scan_text(std::string_view source, size_t at,
                                                      size_t& end, std::string& text);

}  // namespace slipway
