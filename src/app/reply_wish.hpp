// The end of a request that wished something of one site.
#pragma once

#include <string_view>

#include "app/run.hpp"

namespace slipway {

/// Drafts the operation that follows the site's present wish, which its event `wish_seq` made, and
/// answers 202 with it.
[[nodiscard]] Outcome reply_wish(Run& run, std::string_view kind, const SiteRow& site,
                                 int64_t wish_seq);

}  // namespace slipway
