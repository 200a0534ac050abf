// Base64 (RFC 4648, with padding) for segments that are not text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace slipway::golden {

/// Base64 of `bytes`.
[[nodiscard]] std::string to_base64(std::string_view bytes);

/// The bytes; nothing when `text` is not what `to_base64` writes.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

}  // namespace slipway::golden
