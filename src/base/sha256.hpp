// SHA-256 (FIPS 180-4), for ETags, content keys and the comparison of served bytes.
#pragma once

#include <string>
#include <string_view>

namespace slipway {

/// The SHA-256 of `bytes` as 64 lower-case hex digits.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

}  // namespace slipway
