#include "app/paging.hpp"

#include "base/text.hpp"

namespace slipway {

Page read_page(const Run& run) {
  constexpr int64_t default_limit = 50;
  constexpr size_t cursor_chars_max = 100;
  Page page;
  page.limit = default_limit;
  page.cursor = std::string(run.query_param("cursor").value_or(""));
  if (page.cursor.size() > cursor_chars_max) {
    page.issues.push_back({"cursor", "query.value", "must be the `nextCursor` of a page"});
  }
  if (const auto text = run.query_param("limit")) {
    const auto limit = to_number(*text);
    if (limit && *limit >= 1 && *limit <= limits::page_items_max) {
      page.limit = *limit;
    } else {
      page.issues.push_back({"limit", "query.value", "must be 1 to 100"});
    }
  }
  return page;
}

}  // namespace slipway
