#include "wire/repeated_names.hpp"

#include <algorithm>

namespace slipway {
namespace {

/// The first bytes of a name as a number that sorts as they do: most comparisons end here.
uint64_t sort_prefix(std::string_view name) {
  uint64_t prefix = 0;
  for (size_t i = 0; i < sizeof prefix; ++i) {
    prefix = prefix << 8 | (i < name.size() ? static_cast<unsigned char>(name[i]) : 0U);
  }
  return prefix;
}

struct Name {
  uint64_t prefix;
  std::string_view text;
  bool operator<(const Name& other) const {
    return prefix != other.prefix ? prefix < other.prefix : text < other.text;
  }
};

}  // namespace

std::vector<std::string_view> repeated_names(const Items& map) {
  std::vector<std::string_view> repeated;
  if (map.count < 2) return repeated;
  std::vector<Name> names;
  names.reserve(map.count);
  for (size_t i = 0; i < map.count; ++i) {
    const std::string_view name = map.key(i);
    names.push_back({sort_prefix(name), name});
  }
  std::sort(names.begin(), names.end());
  for (size_t i = 1; i < names.size(); ++i) {
    if (names[i - 1].text == names[i].text) repeated.push_back(names[i].text);
  }
  return repeated;
}

}  // namespace slipway
