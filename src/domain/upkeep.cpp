#include "domain/upkeep.hpp"

namespace slipway {
namespace {

/// One overload for each event.
struct Apply {
  UpkeepRow& row;
  int64_t at_ms;

  void operator()(const WalkStarted& e) const {
    const int64_t seq = row.seq;
    row = {};
    row.seq = seq;
    row.id = e.id;
    row.state = WalkState::running;
    row.to = e.to;
    row.started_ms = at_ms;
  }
  void operator()(const WalkAdvanced& e) const {
    row.cursor = e.cursor;
    row.items += e.items;
    row.changed += e.changed;
    row.faulty += e.faulty;
    if (e.detail) row.detail = e.detail;
  }
  void operator()(const WalkFinished&) const { row.state = WalkState::finished; }
  void operator()(const WalkStopped& e) const {
    row.state = WalkState::stopped;
    row.detail = e.detail;
  }
  void operator()(const LettersRetried&) const { row.id = upkeep_dead_letters; }
  void operator()(const LetterDismissed&) const { row.id = upkeep_dead_letters; }
};

}  // namespace

void apply(UpkeepRow& row, const UpkeepEvent& event, int64_t at_ms) {
  std::visit(Apply{row, at_ms}, event);
  ++row.seq;
  row.updated_ms = at_ms;
}

}  // namespace slipway
