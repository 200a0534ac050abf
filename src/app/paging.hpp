// Pages of lists: `limit` and `cursor`.
#pragma once

#include <string>

#include "app/run.hpp"

namespace slipway {

struct Page {
  int64_t limit = 0;
  std::string cursor;  ///< empty for the first page
};

/// The page that the query asks for. The query has been checked against the operation list.
[[nodiscard]] Page read_page(const Run& run);

}  // namespace slipway
