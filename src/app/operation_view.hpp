// What an operation looks like to its caller: a read model over the sites that it concerns.
#pragma once

#include <string>
#include <vector>

#include "app/views.hpp"
#include "domain/platform.hpp"

namespace slipway {

/// The operation's state follows from its sites: it has succeeded where a site serves its wish or a
/// newer one, is suspended and idle, or is gone, whichever was asked for; and failed where the wish
/// was tried in vain, or the site rests until a person acts.
[[nodiscard]] OperationView view_of(const OperationRow& operation,
                                    const std::vector<SiteRow>& sites);

/// A whole number as a query parameter.
[[nodiscard]] Scalar number(int64_t value);

}  // namespace slipway
