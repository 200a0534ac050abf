// The documents of a configuration version, and the two stores that they may be in.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "domain/platform.hpp"

namespace slipway {

/// The names of the stores, as the setting CONFIG_STORE has them.
inline constexpr std::array<std::string_view, 2> config_stores = {"d1", "r2"};

/// The ids of all documents of the version.
[[nodiscard]] std::vector<std::string> document_ids(const ConfigVersionRow& version);

}  // namespace slipway
