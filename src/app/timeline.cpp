#include "app/timeline.hpp"

#include <algorithm>
#include <tuple>

#include "app/operation_view.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

bool is_about(const SiteEvent& event, std::string_view deployment_id) {
  return std::visit(
      [&](const auto& e) {
        if constexpr (requires { e.deployment_id; }) return e.deployment_id == deployment_id;
        return false;
      },
      event);
}

}  // namespace

void append_timeline(Run& run, std::vector<TimelineEntry>& out, std::string_view site,
                     int64_t first_seq, std::string_view deployment_id) {
  constexpr int64_t entries_max = 200;
  const auto entries = run.query<JournalEntry<SiteEvent>>(
      "journal_of", {concat("site:", site), number(first_seq - 1), number(entries_max)});
  for (const auto& entry : entries) {
    if (!deployment_id.empty() && !is_about(entry.event, deployment_id)) continue;
    out.push_back(
        {to_rfc3339(entry.at_ms), std::string(site), entry.seq, Raw{to_json(entry.event)}});
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
