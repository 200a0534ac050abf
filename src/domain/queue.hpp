// When a batch is planned, and from which queue. Sites wait in queues, one for each account,
// environment and class, and not in batches: what is planned last knows most, and a runner that is
// started before Cloudflare's budget has room for its uploads costs money while it waits.
#pragma once

#include <cstdint>

#include "base/limits.hpp"
#include "domain/names.hpp"

namespace slipway {

/// The facts that decide whether one more batch is planned now, of those that share a budget.
struct Load {
  bool somebody_waits;    ///< the batch would be for requests that somebody waits for
  int64_t starting;       ///< batches of that class whose run has not claimed them
  int64_t left;           ///< deployments of open batches that are not uploaded
  int64_t jobs;           ///< jobs of open batches
  bool budget_lies_idle;  ///< builders do not use what Cloudflare allows
};

/// The rule. Work is planned ahead for a few minutes of the budget, so that builders never wait for
/// each other's runs to start; more only where they are too slow to use the budget.
[[nodiscard]] constexpr bool may_plan(const Load& load) {
  if (load.starting >= limits::starting_batches_max) return false;
  if (load.somebody_waits) return true;
  if (load.left < limits::planned_ahead) return true;
  return load.budget_lies_idle && load.starting == 0 && load.jobs < limits::builder_jobs_max;
}

static_assert(may_plan({false, 0, 0, 0, false}));
static_assert(may_plan({false, limits::starting_batches_max - 1, 0, 0, false}));
static_assert(!may_plan({false, limits::starting_batches_max, 0, 0, true}));
static_assert(!may_plan({true, limits::starting_batches_max, 0, 0, true}));
static_assert(may_plan({true, 0, limits::planned_ahead, limits::builder_jobs_max, false}));
static_assert(!may_plan({false, 0, limits::planned_ahead, 0, false}));
static_assert(may_plan({false, 0, limits::planned_ahead, 0, true}));
static_assert(!may_plan({false, 1, limits::planned_ahead, 0, true}));
static_assert(!may_plan({false, 0, limits::planned_ahead, limits::builder_jobs_max, true}));

/// How urgent the head of a queue is: what somebody waits for goes first, then waiting weighs four
/// times as much for `prod` and twice as much for `stg`, so that none of them starves another.
struct Urgency {
  bool somebody_waits;
  Environment environment;
  int64_t waited_ms;  ///< 0 or more
};

[[nodiscard]] constexpr int64_t weight(Environment environment) {
  switch (environment) {
    case Environment::prod:
      return 4;
    case Environment::stg:
      return 2;
    case Environment::dev:
      return 1;
  }
  return 1;
}

/// Whether `a` goes before `b`.
[[nodiscard]] constexpr bool goes_before(const Urgency& a, const Urgency& b) {
  if (a.somebody_waits != b.somebody_waits) return a.somebody_waits;
  const int64_t left = (a.waited_ms + 1) * weight(a.environment);
  const int64_t right = (b.waited_ms + 1) * weight(b.environment);
  return left > right;
}

static_assert(goes_before({true, Environment::dev, 0}, {false, Environment::prod, 1'000'000}));
static_assert(goes_before({false, Environment::prod, 0}, {false, Environment::dev, 0}));
static_assert(goes_before({false, Environment::prod, 10'000}, {false, Environment::dev, 30'000}));
static_assert(goes_before({false, Environment::dev, 50'000}, {false, Environment::prod, 10'000}));
static_assert(goes_before({false, Environment::stg, 5'000}, {false, Environment::dev, 5'000}));

}  // namespace slipway
