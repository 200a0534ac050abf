// Frames: whatever is read as one is written back byte for byte, and every view lies in it.
#include <memory>
#include <string>
#include <vector>

#include "targets.hpp"
#include "wire/frame.hpp"

namespace slipway::fuzz {
namespace {

/// Segments cut out of the bytes, so that there is something to write for every input.
std::vector<std::string> cut(std::string_view bytes) {
  std::vector<std::string> segments;
  size_t at = 0;
  do {
    const size_t wanted = at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0;
    segments.emplace_back(bytes.substr(at, wanted));
    at += wanted + 1;
  } while (at < bytes.size() && segments.size() < frame_segments_max);
  return segments;
}

void hold_same(const std::vector<std::string>& written, std::string_view frame) {
  const auto read = read_frame(frame);
  hold(read.has_value(), "a frame that was written is one");
  hold(read->size() == written.size(), "with as many segments");
  for (size_t i = 0; i < written.size(); ++i) hold((*read)[i] == written[i], "and the same bytes");
}

}  // namespace

void frame_target(std::string_view bytes) {
  // A copy without a byte too many: whoever reads past it is caught.
  const std::unique_ptr<char[]> exact(new char[bytes.size()]);
  bytes.copy(exact.get(), bytes.size());
  const std::string_view frame(exact.get(), bytes.size());
  if (const auto segments = read_frame(frame)) {
    hold(!segments->empty() && segments->size() <= frame_segments_max, "segments are counted");
    std::vector<std::string> copies;
    for (const std::string_view segment : *segments) {
      hold(segment.empty() || (segment.data() >= frame.data() &&
                               segment.data() + segment.size() <= frame.data() + frame.size()),
           "a segment lies in its frame");
      copies.emplace_back(segment);
    }
    hold(write_frame(copies) == frame, "what was read is written as it was");
  }
  const auto pieces = cut(bytes);
  hold_same(pieces, write_frame(pieces));
}

}  // namespace slipway::fuzz
