#include "app/members.hpp"

namespace slipway {

std::vector<Member> active_members(Run& run, const BatchRow& batch) {
  std::vector<Member> out;
  for (const BatchMember& member : batch.members) {
    auto site = run.row<SiteRow>("site", member.site);
    if (!site || !site->active || site->active->id != member.deployment_id) continue;
    out.push_back({std::move(*site)});
  }
  return out;
}

}  // namespace slipway
