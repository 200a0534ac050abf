// Query parameters that several groups of operations take.
#pragma once

#include "app/operations.hpp"
#include "base/limits.hpp"

namespace slipway::query {

inline constexpr QueryParam wait = {"wait", "seconds to wait for a change", &schema_of<int64_t>, 1,
                                    limits::wait_s_max};
inline constexpr QueryParam limit = {"limit", "items a page; without it: 50", &schema_of<int64_t>,
                                     1, limits::page_items_max};
inline constexpr QueryParam cursor = {"cursor", "`nextCursor` of the page before",
                                      &schema_of<std::string>, 0, limits::cursor_bytes_max};
inline constexpr QueryParam dry_run = {"dryRun", "true: say what would happen, store nothing",
                                       &schema_of<bool>, 0, 0};

}  // namespace slipway::query
