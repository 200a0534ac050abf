// Member names that stand more than once in an object with free names.
#pragma once

#include <string_view>
#include <vector>

#include "wire/describe.hpp"

namespace slipway {

/// The names that stand in `map` again after their first time, in the order of their bytes, each as
/// often as it is repeated. They are views of the map's own names.
[[nodiscard]] std::vector<std::string_view> repeated_names(const Items& map);

}  // namespace slipway
