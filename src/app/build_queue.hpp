// Queues of sites that wait to be built, and the batches that are planned from them.
//
// A site whose time has come joins its account's queue: its own promise is settled, and the queue's
// stands for it, `queue:<account>`. The queue's look plans one batch, the most urgent one, while
// there is room for it, and promises the next look as long as any site waits.
#pragma once

#include <string>
#include <string_view>

#include "app/run.hpp"

namespace slipway {

/// The name of an account's queue, which is its effect key.
[[nodiscard]] std::string queue_key(std::string_view account);

/// The site wants a deployment and may be planned: it joins its queue; where somebody waits for it,
/// a batch is planned at once if there is room. Ends the round.
[[nodiscard]] Outcome join_queue(Run& run, SiteRow& site, const AccountRow& account);

/// When wishes for the site are planned: when none has come for a while, or the first is old.
/// For the wish that is about to be recorded.
[[nodiscard]] int64_t wish_due_ms(const Run& run, const SiteRow& site);

}  // namespace slipway
