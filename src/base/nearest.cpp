#include "base/nearest.hpp"

#include <algorithm>
#include <array>

#include "base/limits.hpp"

namespace slipway {
namespace {

constexpr size_t edits_max = 2;

using Row = std::array<size_t, limits::suggested_bytes_max + 1>;

/// The number of edits between `a` and `b`, or `beyond` where that is more than `beyond - 1`. Only
/// places within `beyond` of the diagonal matter: the others cost that much by themselves.
size_t edits(std::string_view a, std::string_view b, size_t beyond) {
  const size_t longer = std::max(a.size(), b.size());
  if (longer - std::min(a.size(), b.size()) >= beyond) return beyond;
  Row before{};
  Row last{};
  Row row{};
  last.fill(beyond);
  for (size_t j = 0; j <= std::min(b.size(), beyond); ++j) last[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row.fill(beyond);
    if (i < beyond) row[0] = i;
    const size_t first = i > beyond ? i - beyond : 1;
    for (size_t j = first; j <= std::min(b.size(), i + beyond); ++j) {
      const size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = last;
    last = row;
  }
  return std::min(last[b.size()], beyond);
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view given,
                                        std::span<const std::string_view> known) {
  if (given.size() > limits::suggested_bytes_max) return std::nullopt;
  std::optional<std::string_view> found;
  size_t beyond = std::min(edits_max, given.size() / 3) + 1;
  for (const std::string_view name : known) {
    if (name.size() > limits::suggested_bytes_max) continue;
    const size_t distance = edits(given, name, beyond);
    if (distance >= beyond) continue;
    found = name;
    beyond = distance;
  }
  return found;
}

std::optional<std::string> Suggestions::search(std::string_view given,
                                               std::span<const std::string_view> known) {
  if (searches_ == limits::suggestions_max) return std::nullopt;
  ++searches_;
  const auto found = nearest(given, known);
  if (!found) return std::nullopt;
  return std::string(*found);
}

}  // namespace slipway
