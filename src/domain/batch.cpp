#include "domain/batch.hpp"

#include <type_traits>

#include "domain/transitions.hpp"

namespace slipway {
namespace {

std::string_view event_name(const BatchEvent& event) {
  return std::visit([](const auto& e) { return describe<std::decay_t<decltype(e)>>::name; }, event);
}

struct Apply {
  BatchRow& batch;
  int64_t at_ms;

  void operator()(const BatchPlanned& e) const {
    batch.id = e.id;
    batch.account = e.account;
    batch.environment = e.environment;
    batch.origin = e.origin;
    batch.members = e.members;
    batch.created_ms = at_ms;
  }
  void operator()(const BatchDispatchStarted& e) const {
    batch.dispatch_key = e.dispatch_key;
    batch.floor_ms = e.floor_ms;
    ++batch.attempt;
  }
  void operator()(const BatchDispatched& e) const {
    batch.run_id = e.run_id;
    batch.run_url = e.run_url;
    batch.started_ms = at_ms;
  }
  void operator()(const BatchDispatchUnknown&) const { ++batch.unclear; }
  void operator()(const BatchDispatchDeferred&) const { batch.dispatch_key.reset(); }
  void operator()(const BatchClaimed& e) const {
    batch.run_id = e.run_id;
    batch.run_attempt = e.run_attempt;
    batch.started_ms = at_ms;
  }
  void operator()(const BatchClosed& e) const { batch.failure = e.failure; }
  void operator()(const BatchRunCancelStarted& e) const { batch.cancel_attempts = e.attempt; }
  void operator()(const BatchRunCancelled& e) const { batch.cancelled = e.detail; }
};

}  // namespace

bool allows(const BatchRow& batch, const BatchEvent& event) {
  return next_state(batch_edges, batch.state, event_name(event)).has_value();
}

void apply(BatchRow& batch, const BatchEvent& event, int64_t at_ms) {
  if (!allows(batch, event)) __builtin_trap();
  batch.state = *next_state(batch_edges, batch.state, event_name(event));
  ++batch.seq;
  std::visit(Apply{batch, at_ms}, event);
}

}  // namespace slipway
