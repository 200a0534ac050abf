// A reader with a planted bug, to prove that the fuzzer finds one: of "v1:<digit>" it takes as many
// bytes after the colon as the digit says, whether they are there or not.
#include <memory>

#include "targets.hpp"

namespace slipway::fuzz {

void planted_target(std::string_view bytes) {
  constexpr std::string_view opening = "v1:";
  if (!bytes.starts_with(opening) || bytes.size() < opening.size() + 1) return;
  const std::string_view rest = bytes.substr(opening.size());
  if (rest[0] < '1' || rest[0] > '9') return;
  const auto wanted = static_cast<size_t>(rest[0] - '0');
  const std::unique_ptr<char[]> exact(new char[rest.size()]);
  rest.copy(exact.get(), rest.size());
  unsigned sum = 0;
  for (size_t i = 0; i < wanted; ++i) sum += static_cast<unsigned char>(exact[i + 1]);
  hold(sum < 10'000, "nine bytes sum to less");
}

}  // namespace slipway::fuzz
