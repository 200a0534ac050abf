// SHA-256 (FIPS 180-4), for the comparison of served bytes with what the builder reported.
#pragma once

#include <string>
#include <string_view>

namespace slipway {

/// The SHA-256 of `bytes` as 64 lower-case hex digits.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

}  // namespace slipway
