#include "app/timeline.hpp"

#include <algorithm>
#include <tuple>

#include "app/journal.hpp"
#include "app/operation_view.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

/// Whether the entry belongs to the timeline: of one deployment, or of the whole site.
bool is_shown(Run& run, const std::string& event, std::string_view deployment_id) {
  EventHead head;
  if (!read_event(run.reader(), event, head)) stop_on_damage();
  if (head.type == snapshot_type) return false;
  return deployment_id.empty() || head.deployment_id == deployment_id;
}

}  // namespace

void append_timeline(Run& run, std::vector<TimelineEntry>& out, std::string_view site,
                     int64_t first_seq, std::string_view deployment_id) {
  constexpr int64_t entries_max = 200;
  const auto entries = run.query<JournalRecord>(
      "journal_of", {concat("site:", site), number(first_seq - 1), number(entries_max)});
  for (const auto& entry : entries) {
    std::string event = upgraded(entry.format, entry.event.text);
    if (!is_shown(run, event, deployment_id)) continue;
    out.push_back({to_rfc3339(entry.at_ms), std::string(site), entry.seq, Raw{std::move(event)}});
  }
}

// A total order: entries that are equal in it are the same, so every sort gives the same bytes.
void sort_timeline(std::vector<TimelineEntry>& entries) {
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return std::tie(a.at, a.site, a.seq, a.event.text) <
           std::tie(b.at, b.site, b.seq, b.event.text);
  });
}

}  // namespace slipway
