#include "app/plan_deployment.hpp"

#include <algorithm>

namespace slipway {
namespace {

/// The shard of each site: full ones for the others, one of its own for each raw one.
std::vector<int64_t> shards_of(const std::vector<bool>& raw) {
  std::vector<int64_t> shards(raw.size());
  int64_t next = 0;
  int64_t filled = limits::shard_members_max;
  int64_t current = 0;
  for (size_t i = 0; i < raw.size(); ++i) {
    if (raw[i]) {
      shards[i] = next++;
      continue;
    }
    if (filled == limits::shard_members_max) {
      current = next++;
      filled = 0;
    }
    shards[i] = current;
    ++filled;
  }
  return shards;
}

}  // namespace

std::vector<bool> are_raw(Run& run, const std::vector<SiteRow>& sites) {
  std::vector<bool> out;
  out.reserve(sites.size());
  for (const SiteRow& site : sites) {
    const auto version = run.row<ConfigVersionRow>(
        "config_version", config_version_id(site.platform_id, wish_of(site).config_version));
    out.push_back(version && version->opaque);
  }
  return out;
}

BatchRow plan_batch(Run& run, std::vector<SiteRow>& sites, const std::vector<bool>& raw,
                    Origin origin) {
  Draft& draft = run.draft();
  const std::vector<int64_t> shards = shards_of(raw);
  // Sites that do not fit into the run's jobs stay where they wait.
  const auto beyond = std::find(shards.begin(), shards.end(), limits::batch_shards_max);
  sites.resize(static_cast<size_t>(beyond - shards.begin()));
  const SiteRow& first = sites[0];
  BatchRow batch;
  batch.id = run.new_id("bat_");
  std::vector<BatchMember> members;
  members.reserve(sites.size());
  for (size_t i = 0; i < sites.size(); ++i) {
    members.push_back(
        {run.new_id("dep_"), site_id(sites[i].platform_id, sites[i].environment), shards[i]});
  }
  draft.record(batch, BatchPlanned{batch.id, first.account, first.environment, origin, members,
                                   wish_of(first).shell_sha, first.desired.interactive});
  for (size_t i = 0; i < sites.size(); ++i) {
    draft.record(sites[i], DeploymentPlanned{members[i].deployment_id, batch.id});
    draft.settle(sites[i]);
  }
  draft.look_at(batch, run.now_ms());
  return batch;
}

void plan_or_settle(Run& run, SiteRow& site) {
  const bool leaves = site.state == SiteState::deleting && !site.blocked;
  if (site.state == SiteState::creating || leaves) {
    // Its project is made or removed, whatever becomes of a deployment meanwhile.
    run.draft().look_at(site, run.now_ms());
  } else if (wants_deployment(site)) {
    run.draft().look_at(site, std::max(run.now_ms(), planned_from_ms(site)));
  } else if (waits_for_verification(site) || is_rolling_back(site)) {
    run.draft().look_at(site, run.now_ms());
  } else {
    run.draft().settle(site);
  }
}

}  // namespace slipway
