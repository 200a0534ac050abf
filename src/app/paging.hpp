// Pages of lists: `limit` and `cursor`.
#pragma once

#include <string>
#include <vector>

#include "app/run.hpp"

namespace slipway {

struct Page {
  int64_t limit = 0;
  std::string cursor;  ///< empty for the first page
  std::vector<Issue> issues;
};

/// The page that the query asks for; `issues` says what is wrong with it.
[[nodiscard]] Page read_page(const Run& run);

}  // namespace slipway
