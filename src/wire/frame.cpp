#include "wire/frame.hpp"

namespace slipway {
namespace {

uint32_t read_u32(std::string_view bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

void append_u32(std::string& out, uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(value >> shift));
}

}  // namespace

std::optional<std::vector<std::string_view>> read_frame(std::string_view frame) {
  if (frame.size() < 4) return std::nullopt;
  const uint32_t count = read_u32(frame, 0);
  if (count == 0 || count > frame_segments_max) return std::nullopt;
  const size_t header = 4 + size_t{4} * count;
  if (frame.size() < header) return std::nullopt;

  std::vector<std::string_view> segments;
  segments.reserve(count);
  size_t at = header;
  for (uint32_t i = 0; i < count; ++i) {
    const size_t length = read_u32(frame, 4 + size_t{4} * i);
    if (length > frame.size() - at) return std::nullopt;
    segments.push_back(frame.substr(at, length));
    at += length;
  }
  if (at != frame.size()) return std::nullopt;
  return segments;
}

std::string write_frame(const std::vector<std::string>& segments) {
  std::string out;
  size_t total = 4 + 4 * segments.size();
  for (const std::string& segment : segments) total += segment.size();
  out.reserve(total);
  append_u32(out, static_cast<uint32_t>(segments.size()));
  for (const std::string& segment : segments) {
    append_u32(out, static_cast<uint32_t>(segment.size()));
  }
  for (const std::string& segment : segments) out.append(segment);
  return out;
}

}  // namespace slipway
