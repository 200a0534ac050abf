// The elements of a commit's segments, and values that must read.
#pragma once

#include <doctest/doctest.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/json_read.hpp"
#include "wire/json_write.hpp"

namespace slipway::test {

template <class T>
[[nodiscard]] bool read_strictly(std::string_view json, T& out) {
  JsonReader reader;
  const PaddedText text(json);
  return reader.read(text.view(), Strictness::strict, out).ok();
}

/// A value that must read.
template <class T>
[[nodiscard]] T parsed(std::string_view json) {
  T out;
  REQUIRE(read_strictly(json, out));
  return out;
}

/// An element of a journal segment.
struct NewEntry {
  std::string aggregate;
  int64_t seq = 0;
  int64_t at_ms = 0;
  int64_t format = 1;
  Raw event;
};
/// An element of a journal_cuts segment.
struct NewCut {
  std::string aggregate;
  int64_t seq = 0;
  std::optional<int64_t> format;
  std::optional<Raw> event;
};
/// An element of a rows segment.
struct NewRow {
  std::string id;
  Raw row;
};

}  // namespace slipway::test

namespace slipway {
template <>
struct describe<test::NewEntry> {
  static constexpr std::string_view name = "NewEntry";
  static constexpr std::string_view doc = "An element of a journal segment.";
  static constexpr std::array fields = {
      field<&test::NewEntry::aggregate>("aggregate", ""), field<&test::NewEntry::seq>("seq", ""),
      field<&test::NewEntry::at_ms>("at_ms", ""), field<&test::NewEntry::format>("format", ""),
      field<&test::NewEntry::event>("event", "")};
};
template <>
struct describe<test::NewCut> {
  static constexpr std::string_view name = "NewCut";
  static constexpr std::string_view doc = "An element of a journal_cuts segment.";
  static constexpr std::array fields = {
      field<&test::NewCut::aggregate>("aggregate", ""), field<&test::NewCut::seq>("seq", ""),
      field<&test::NewCut::format>("format", ""), field<&test::NewCut::event>("event", "")};
};
template <>
struct describe<test::NewRow> {
  static constexpr std::string_view name = "NewRow";
  static constexpr std::string_view doc = "An element of a rows segment.";
  static constexpr std::array fields = {field<&test::NewRow::id>("id", ""),
                                        field<&test::NewRow::row>("row", "")};
};
}  // namespace slipway
