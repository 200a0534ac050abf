#include "app/members.hpp"

#include "app/operation_view.hpp"

namespace slipway {
namespace {

std::optional<Member> active_member(Run& run, const BatchMember& member) {
  auto site = run.row<SiteRow>("site", member.site);
  if (!site || !site->active || site->active->id != member.deployment_id) return std::nullopt;
  return Member{std::move(*site)};
}

}  // namespace

std::vector<Member> unbuilt_members(Run& run, const BatchRow& batch) {
  std::vector<Member> out;
  auto sites = run.query<SiteRow>("sites_building", {batch.id, number(limits::batch_members_max)});
  out.reserve(sites.size());
  for (SiteRow& site : sites) {
    if (site.active) out.push_back({std::move(site)});
  }
  return out;
}

std::vector<Member> members_of_shard(Run& run, const BatchRow& batch, int64_t shard) {
  std::vector<Member> out;
  for (const BatchMember& member : batch.members) {
    if (member.shard != shard) continue;
    if (auto active = active_member(run, member)) out.push_back(std::move(*active));
  }
  return out;
}

std::optional<Member> member_with(Run& run, const BatchRow& batch, std::string_view deployment_id) {
  for (const BatchMember& member : batch.members) {
    if (member.deployment_id == deployment_id) return active_member(run, member);
  }
  return std::nullopt;
}

}  // namespace slipway
