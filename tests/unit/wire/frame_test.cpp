#include "wire/frame.hpp"

#include <doctest/doctest.h>

using namespace slipway;

namespace {

std::string u32(uint32_t value) {
  std::string out;
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(value >> shift));
  return out;
}

}  // namespace

TEST_CASE("a frame gives back its segments, empty ones and zero bytes too") {
  const std::vector<std::string> segments = {"{}", "", std::string("\0\1", 2),
                                             std::string(300, 'x')};
  const std::string frame = write_frame(segments);
  const auto read = read_frame(frame);
  REQUIRE(read.has_value());
  REQUIRE(read->size() == segments.size());
  for (size_t i = 0; i < segments.size(); ++i) CHECK((*read)[i] == segments[i]);
}

TEST_CASE("the layout: count, lengths, bytes, all little-endian") {
  CHECK(write_frame({"ab", "c"}) == u32(2) + u32(2) + u32(1) + "abc");
}

TEST_CASE("a frame that is cut anywhere is refused") {
  const std::string frame = write_frame({"{\"a\":1}", "body", ""});
  for (size_t size = 0; size < frame.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(read_frame(std::string_view(frame).substr(0, size)).has_value());
  }
  CHECK(read_frame(frame).has_value());
}

TEST_CASE("a frame with bytes after its last segment is refused") {
  CHECK_FALSE(read_frame(write_frame({"a"}) + "x").has_value());
}

TEST_CASE("lengths that lie are refused") {
  CHECK_FALSE(read_frame(u32(0)).has_value());
  CHECK_FALSE(read_frame(u32(1) + u32(5) + "abcd").has_value());
  CHECK_FALSE(read_frame(u32(1) + u32(3) + "abcd").has_value());
  CHECK_FALSE(read_frame(u32(1) + u32(0xffffffff) + "abcd").has_value());
  CHECK_FALSE(read_frame(u32(2) + u32(0xffffffff) + u32(5) + "abcd").has_value());
  CHECK_FALSE(read_frame(u32(0xffffffff) + u32(4) + "abcd").has_value());
  CHECK_FALSE(read_frame(u32(0x40000000) + u32(4) + "abcd").has_value());
}

TEST_CASE("more segments than any frame has are refused") {
  const std::vector<std::string> most(frame_segments_max);
  CHECK(read_frame(write_frame(most)).has_value());
  const std::vector<std::string> more(frame_segments_max + 1);
  CHECK_FALSE(read_frame(write_frame(more)).has_value());
}
