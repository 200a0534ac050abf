#include "app/paging.hpp"

#include "base/text.hpp"

namespace slipway {

Page read_page(const Run& run) {
  constexpr int64_t default_limit = 50;
  const auto limit = to_number(run.query_param("limit").value_or(""));
  return {limit.value_or(default_limit), std::string(run.query_param("cursor").value_or(""))};
}

}  // namespace slipway
