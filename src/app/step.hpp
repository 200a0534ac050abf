// The whole core as one function: a frame in, a frame out.
#pragma once

#include <string>
#include <string_view>

namespace slipway {

/// One round of one run. `frame` is followed by `json_padding` readable bytes. Never fails: a frame
/// that is not well-formed, or a stored row that does not read, is a bug or damage and traps.
[[nodiscard]] std::string step(std::string_view frame);

}  // namespace slipway
