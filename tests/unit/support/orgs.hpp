// The named queries over orgs and their publications, as the storage has them: its statements are
// in worker-shim/storage/statements.ts.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "domain/org.hpp"
#include "support/queues.hpp"

namespace slipway::test {

/// The publications of an org, newest first, as JSON.
[[nodiscard]] inline std::vector<std::string> publications(Tables& tables,
                                                           const std::string& slug) {
  std::vector<std::string> found;
  for (const auto& [id, json] : tables["publication"]) {
    if (parsed<Publication>(json).slug == slug) found.insert(found.begin(), json);
  }
  return found;
}

/// Answers a query over orgs; false where it is none of them.
[[nodiscard]] inline bool asked_of_orgs(Tables& tables, const std::string& name,
                                        const std::vector<Scalar>& params,
                                        std::vector<std::string>& found) {
  if (name == "publications_of_org") {
    for (const std::string& json : publications(tables, params[0].text)) {
      const bool older = params[1].text.empty() || parsed<Publication>(json).id < params[1].text;
      if (older) found.push_back(json);
    }
  } else if (name == "publications_beyond") {
    found = publications(tables, params[0].text);
    const auto skip =
        std::min<int64_t>(*to_number(params[1].text), static_cast<int64_t>(found.size()));
    found.erase(found.begin(), found.begin() + static_cast<long>(skip));
  } else if (name == "orgs_after" || name == "org_of_id") {
    for (const auto& [slug, json] : tables["org"]) {
      const auto org = parsed<OrgRow>(json);
      const bool wanted =
          name == "orgs_after" ? slug > params[0].text : org.org_id == params[0].text;
      if (wanted && !org.deleted_ms) found.push_back(json);
    }
    return true;
  } else {
    return false;
  }
  const auto limit = static_cast<size_t>(*to_number(params[2].text));
  if (found.size() > limit) found.resize(limit);
  return true;
}

}  // namespace slipway::test
