#include "domain/batch.hpp"

#include <algorithm>
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
    batch.shell_sha = e.shell_sha;
    batch.interactive = e.interactive;
    for (const BatchMember& member : e.members) {
      batch.shards = std::max(batch.shards, member.shard + 1);
    }
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
    batch.run_ended.reset();
    batch.started_ms = at_ms;
  }
  void operator()(const BatchRunHinted&) const { batch.hinted = true; }
  void operator()(const BatchRunSeen& e) const {
    batch.hinted = false;
    if (e.conclusion) batch.run_ended = e.conclusion;
  }
  void operator()(const BatchClosed& e) const { batch.failure = e.failure; }
  void operator()(const BatchRunCancelStarted& e) const { batch.cancel_attempts = e.attempt; }
  void operator()(const BatchRunCancelled& e) const { batch.cancelled = e.detail; }
};

/// What planning and watching read of the batch, without its members.
std::optional<OpenBatch> in_short(const BatchRow& batch) {
  if (batch.state == BatchState::closed) return std::nullopt;
  return OpenBatch{batch.id,     batch.account,  batch.state,  batch.interactive,
                   batch.shards, batch.floor_ms, batch.run_id, batch.dispatch_key};
}

}  // namespace

bool allows(const BatchRow& batch, const BatchEvent& event) {
  return next_state(batch_edges, batch.state, event_name(event)).has_value();
}

bool is_held_by(const BatchRow& batch, std::string_view run_id) {
  const bool held = batch.state == BatchState::claimed || batch.state == BatchState::closed;
  return held && !batch.failure && batch.run_id && *batch.run_id == run_id;
}

void apply(BatchRow& batch, const BatchEvent& event, int64_t at_ms) {
  if (!allows(batch, event)) __builtin_trap();
  batch.state = *next_state(batch_edges, batch.state, event_name(event));
  ++batch.seq;
  std::visit(Apply{batch, at_ms}, event);
  batch.open = in_short(batch);
}

}  // namespace slipway
