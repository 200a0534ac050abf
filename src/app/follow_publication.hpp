// An org's publication on its way: started once, followed through Pages' stages, and live when the
// site is served.
#pragma once

#include <string_view>

#include "app/run.hpp"
#include "domain/org.hpp"
#include "upstream/pages.hpp"

namespace slipway {

/// The next thing to do for the org's active publication. `at` is absent where no account can be
/// read: then a hook's build is not followed.
[[nodiscard]] Outcome follow_publication(Run& run, OrgRow& org,
                                         const std::optional<pages::Account>& at);

/// Why Pages tells nothing of the active publication. Where that is because the org's project is
/// gone, the org is told, too.
[[nodiscard]] Failure refusal_of_build(Run& run, OrgRow& org, const Answer& answer);

/// Writes down the end of the active publication, and the next one where one was asked for
/// meanwhile. The caller records the event that ends it.
void end_publication(Run& run, OrgRow& org, const OrgEvent& end);

/// Plans a publication: by the pasted hook where there is one, else through the project's API.
void plan_publication(Run& run, OrgRow& org, const std::string& by);

}  // namespace slipway
