// Starting a publication: one request, and finding out what became of it when its answer was lost.
#pragma once

#include "app/run.hpp"
#include "domain/org.hpp"
#include "upstream/pages.hpp"

namespace slipway {

/// The next thing to do for a publication that Pages is not known to have.
[[nodiscard]] Outcome start_publication(Run& run, OrgRow& org,
                                        const std::optional<pages::Account>& at);

}  // namespace slipway
