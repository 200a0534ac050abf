// GET /api/v1/audit: the journal of all aggregates, with who caused each event.
#include "app/audit_views.hpp"
#include "app/operation_view.hpp"
#include "app/operations.hpp"
#include "app/paging.hpp"
#include "base/text.hpp"
#include "domain/platform.hpp"

namespace slipway {

/// What the trail needs of any event; the rest of it is skipped.
struct AuditedEvent {
  std::string type;
  std::string digest;
  std::optional<std::string> previous;
};
template <>
struct describe<AuditedEvent> {
  static constexpr std::string_view name = "AuditedEvent";
  static constexpr std::string_view doc = "What the audit trail needs of any event.";
  static constexpr std::array fields = {
      field<&AuditedEvent::type>("type", "the event"),
      field<&AuditedEvent::digest>("digest", "config_stored: of what was written"),
      field<&AuditedEvent::previous>("previous", "config_stored: of the version before"),
  };
};

struct AuditedEntry {
  int64_t id = 0;
  std::string aggregate;
  int64_t seq = 0;
  int64_t at_ms = 0;
  std::string author;
  std::string cause_id;
  AuditedEvent event;
};
template <>
struct describe<AuditedEntry> {
  static constexpr std::string_view name = "AuditedEntry";
  static constexpr std::string_view doc = "A row of the journal.";
  static constexpr std::array fields = {
      field<&AuditedEntry::id>("id", "the row"),
      field<&AuditedEntry::aggregate>("aggregate", "what it is about"),
      field<&AuditedEntry::seq>("seq", "number of the event on its aggregate"),
      field<&AuditedEntry::at_ms>("at_ms", "milliseconds since the epoch"),
      field<&AuditedEntry::author>("author", "who caused it"),
      field<&AuditedEntry::cause_id>("cause_id", "the run"),
      field<&AuditedEntry::event>("event", "what became true"),
  };
};

namespace {

std::vector<AuditedEntry> entries(Run& run, int64_t from, int64_t limit) {
  const bool oldest = run.query_param("order") == name_of(AuditOrder::oldest);
  const auto aggregate = run.query_param("aggregate");
  if (!aggregate) {
    return run.query<AuditedEntry>(oldest ? "audit_after" : "audit_before",
                                   {number(from), number(limit)});
  }
  return run.query<AuditedEntry>(oldest ? "audit_of_after" : "audit_of_before",
                                 {std::string(*aggregate), number(from), number(limit)});
}

AuditEntryView view_of(const AuditedEntry& entry) {
  AuditEntryView view;
  view.id = entry.id;
  view.at = to_rfc3339(entry.at_ms);
  view.author = entry.author;
  view.cause_id = entry.cause_id;
  view.aggregate = entry.aggregate;
  view.seq = entry.seq;
  view.type = entry.event.type;
  if (entry.event.type == describe<ConfigStored>::name) {
    view.before = entry.event.previous;
    view.after = entry.event.digest;
  }
  return view;
}

}  // namespace

Outcome audit_list(Run& run) {
  const auto page = read_page(run);
  const bool oldest = run.query_param("order") == name_of(AuditOrder::oldest);
  const auto cursor = page.cursor.empty() ? std::optional(oldest ? 0 : limits::integer_max)
                                          : to_number(page.cursor);
  if (!cursor) {
    const Issue issue = {"cursor", "query.value", "must be the `nextCursor` of a page"};
    return run.fail({ErrorCode::query_invalid, "", {issue}});
  }
  const auto rows = entries(run, *cursor, page.limit + 1);
  if (run.incomplete()) return run.need();

  AuditList list;
  for (const AuditedEntry& row : rows) {
    if (static_cast<int64_t>(list.items.size()) == page.limit) {
      list.next_cursor = to_text(list.items.back().id);
      break;
    }
    list.items.push_back(view_of(row));
  }
  return run.reply(200, to_json(list));
}

}  // namespace slipway
