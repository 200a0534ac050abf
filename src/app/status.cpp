// GET /api/v1/status: how the instance is doing, in figures. Every figure is counted up to a bound,
// so that the cost is flat.
#include "app/journal.hpp"
#include "app/operation_view.hpp"
#include "app/operations.hpp"
#include "app/readiness.hpp"
#include "app/storage_names.hpp"
#include "base/text.hpp"

namespace slipway {

/// The id of a journal's row.
struct JournalId {
  int64_t id = 0;
};
template <>
struct describe<JournalId> {
  static constexpr std::string_view name = "JournalId";
  static constexpr std::string_view doc = "The id of a journal's row.";
  static constexpr std::array fields = {field<&JournalId::id>("id", "grows with every event")};
};

namespace {

template <class T>
CountView count_of(const std::vector<T>& rows) {
  const auto size = static_cast<int64_t>(rows.size());
  return {std::min(size, limits::status_count_max), size > limits::status_count_max};
}

}  // namespace

Outcome status_read(Run& run) {
  constexpr int64_t rows_max = limits::status_count_max + 1;
  const Readiness facts = read_readiness(run, rows_max);
  const auto promised =
      run.query<EffectRow>("effects_due", {number(limits::integer_max), number(rows_max)});
  const auto first = run.query<JournalId>("audit_after", {number(0), number(1)});
  const auto last = run.query<JournalId>("audit_before", {number(limits::integer_max), number(1)});
  if (run.incomplete()) return run.need();

  StatusView view;
  view.at = to_rfc3339(run.now_ms());
  view.checks = checks_of(run, facts);
  if (facts.cron) view.last_cron_at = to_rfc3339(facts.cron->at_ms);
  view.promised = count_of(promised);
  view.overdue = count_of(facts.overdue);
  if (!facts.overdue.empty()) {
    view.oldest_overdue_at = to_rfc3339(present(facts.overdue[0].due_at_ms));
  }
  view.dead_letters = count_of(facts.dead_letters);
  if (!first.empty() && !last.empty()) {
    view.journal_entries_at_most = last[0].id - first[0].id + 1;
  }
  view.versions = {facts.level.level, storage_level, journal_format};
  return run.reply(200, to_json(view));
}

}  // namespace slipway
