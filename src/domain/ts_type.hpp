// Types in TypeScript source: they say nothing about a value, so they are read past.
#pragma once

#include "domain/ts_scan.hpp"

namespace slipway {

/// Goes past the type that the scanner stands on. False at something that is no type.
[[nodiscard]] bool skip_type(TsScanner& in);

/// Goes past the bracket that the scanner stands on (one of `{[(<`) and all up to its partner.
[[nodiscard]] bool skip_brackets(TsScanner& in);

}  // namespace slipway
