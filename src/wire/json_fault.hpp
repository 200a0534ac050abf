// What is wrong with a text that is not JSON, in words for whoever wrote it.
#pragma once

#include <string>
#include <string_view>

namespace slipway {

/// Deepest nesting of arrays and objects that is read.
inline constexpr size_t json_depth_max = 1024;

/// Where and why `text` is not well-formed JSON (RFC 8259), such as "line 2, column 14: expected a
/// comma or }"; columns count bytes from 1. Says so where the text is not UTF-8, too. The same on
/// every machine: whichever parser refused the text, only the text decides the answer. Empty for a
/// well-formed text.
[[nodiscard]] std::string json_fault(std::string_view text);

}  // namespace slipway
