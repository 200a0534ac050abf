#include "app/journal.hpp"

#include <algorithm>

namespace slipway {
namespace {

using Upgrade = std::string (*)(std::string event);

/// Format 2 adds snapshots and changes no other event.
std::string from_1_to_2(std::string event) { return event; }

/// The upgrade from each format to the next, from 1 on.
constexpr std::array<Upgrade, journal_format - 1> upgrades = {&from_1_to_2};

}  // namespace

std::string upgraded(int64_t format, std::string event) {
  for (int64_t from = std::max<int64_t>(format, 1); from < journal_format; ++from) {
    event = upgrades[static_cast<size_t>(from - 1)](std::move(event));
  }
  return event;
}

bool has_newer(const std::vector<JournalRecord>& entries) {
  return std::any_of(entries.begin(), entries.end(),
                     [](const JournalRecord& entry) { return entry.format > journal_format; });
}

}  // namespace slipway
