#include "base/ulid.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace slipway {
namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

uint64_t from_hex(std::string_view digits) {
  uint64_t value = 0;
  for (const char c : digits) {
    const auto digit = is_digit(c) ? c - '0' : c - 'a' + 10;
    value = value << 4 | static_cast<uint64_t>(digit);
  }
  return value;
}

}  // namespace

IdSource::IdSource(std::string_view entropy, int64_t now_ms)
    : high_(from_hex(entropy.substr(0, 16))),
      low_(from_hex(entropy.substr(16, 16))),
      now_ms_(now_ms) {}

std::string IdSource::next() {
  std::string out = ulid_time(now_ms_);
  out.resize(26, '0');
  uint64_t low = low_;
  uint64_t high = high_;
  for (size_t i = 26; i-- > 10;) {
    out[i] = alphabet[low & 31];
    low = low >> 5 | high << 59;
    high >>= 5;
  }
  if (++low_ == 0) ++high_;
  return out;
}

std::string ulid_time(int64_t at_ms) {
  std::string out(10, '0');
  auto time = static_cast<uint64_t>(at_ms);
  for (size_t i = 10; i-- > 0; time >>= 5) out[i] = alphabet[time & 31];
  return out;
}

bool is_ulid(std::string_view text) {
  return text.size() == 26 && text[0] <= '7' && std::all_of(text.begin(), text.end(), [](char c) {
           return alphabet.find(c) != std::string_view::npos;
         });
}

}  // namespace slipway
