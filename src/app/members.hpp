// The sites of a batch.
#pragma once

#include <string_view>
#include <vector>

#include "app/run.hpp"

namespace slipway {

/// A deployment of the batch that is still its site's active one.
struct Member {
  SiteRow site;

  [[nodiscard]] const Deployment& deployment() const { return *site.active; }
};

/// The members that the builder has still to upload. Asks for them: check `run.incomplete()`
/// afterwards.
[[nodiscard]] std::vector<Member> unbuilt_members(Run& run, const BatchRow& batch);

/// The members of one shard whose deployments are under way. Asks: check `run.incomplete()`.
[[nodiscard]] std::vector<Member> members_of_shard(Run& run, const BatchRow& batch, int64_t shard);

/// The member with this deployment, where that is under way. Asks: check `run.incomplete()`.
[[nodiscard]] std::optional<Member> member_with(Run& run, const BatchRow& batch,
                                                std::string_view deployment_id);

}  // namespace slipway
