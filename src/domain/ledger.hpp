// Budgets of upstreams. A ledger says how much of one is given away: a single time, `paced_ms`, up
// to which its calls are spent at its pace (the generic cell rate algorithm). In any window of
// `window_ms` no more than `burst + window_ms / interval_ms` units are given away, whoever asks and
// in however many places at once. The storage applies the arithmetic in one statement; which
// numbers hold is said here and nowhere else.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace slipway {

/// The numbers of one budget.
struct Budget {
  int64_t interval_ms;  ///< of one unit, when it is spent without a pause
  int64_t burst;        ///< units that may be spent at once after a rest
  int64_t reserve;      ///< of these, units that only requests may use for which somebody waits
  int64_t gap_ms;       ///< least time between two spendings
};

/// Most units that the budget gives away in any window of this length.
[[nodiscard]] constexpr int64_t most_in(const Budget& budget, int64_t window_ms) {
  return budget.burst + window_ms / budget.interval_ms;
}

/// Cloudflare: 1200 calls in 5 minutes, of a user with all tokens and accounts
/// (https://developers.cloudflare.com/fundamentals/api/reference/limits/). A turn is given before
/// wrangler spends it, so that a window may hold calls of turns from some seconds before.
inline constexpr Budget cloudflare_budget = {266, 40, 20, 0};
inline constexpr int64_t cloudflare_window_ms = 300'000;
inline constexpr int64_t turn_lag_ms = 8'000;
static_assert(most_in(cloudflare_budget, cloudflare_window_ms + turn_lag_ms) <= 1200);
static_assert(most_in(cloudflare_budget, cloudflare_window_ms) * 100 >= 1200 * 95);

/// Account calls of one `wrangler pages deploy` (4.164: project twice, upload token twice, the
/// deployment and its state once each).
inline constexpr int64_t deployment_units = 6;
static_assert(deployment_units <= cloudflare_budget.burst - cloudflare_budget.reserve);

/// GitHub: 5,000 calls an hour of an installation
/// (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api).
inline constexpr Budget github_budget = {750, 150, 50, 0};
static_assert(most_in(github_budget, 3'600'000) <= 5'000);

/// GitHub: requests that make content, 1 a second, 80 a minute and 500 an hour. That a dispatch
/// counts as one is not documented; it is taken as one.
inline constexpr Budget dispatch_budget = {7'500, 20, 4, 1'000};
static_assert(most_in(dispatch_budget, 3'600'000) <= 500);
static_assert(most_in(dispatch_budget, 60'000) <= 80);

/// Which ledger, at which pace, and how much of it: 0 units where they were spent before.
struct Spending {
  std::string ledger;
  Budget budget{};
  int64_t units = 1;
};

/// The ledger of a Cloudflare user: the accounts of one `rate_owner` share it.
[[nodiscard]] inline std::string cloudflare_ledger(std::string_view rate_owner) {
  return std::string("cloudflare:").append(rate_owner);
}
inline constexpr std::string_view github_ledger = "github";
inline constexpr std::string_view dispatch_ledger = "github:dispatch";

}  // namespace slipway
