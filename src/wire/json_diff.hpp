// What differs between two documents of one shape, for people who review a change.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "wire/describe.hpp"

namespace slipway {

enum class ChangeKind : uint8_t { add, remove, replace };
template <>
struct describe<ChangeKind> {
  static constexpr std::string_view name = "ChangeKind";
  static constexpr std::array<std::string_view, 3> names = {"add", "remove", "replace"};
};

/// One difference, in the words of JSON Patch (RFC 6902), with the value that was there before.
struct Change {
  ChangeKind kind{};
  std::string path;
  std::optional<Raw> before;
  std::optional<Raw> after;
};
template <>
struct describe<Change> {
  static constexpr std::string_view name = "Change";
  static constexpr std::string_view doc = "One difference between two documents.";
  static constexpr std::array fields = {
      field<&Change::kind>("op", "add, remove or replace"),
      field<&Change::path>("path", "JSON Pointer of the value"),
      field<&Change::before>("before", "the value that was there; absent for add"),
      field<&Change::after>("after", "the value that is there; absent for remove"),
  };
};

/// The differences from `before` to `after`, which `schema` describes both: fields in the order of
/// the schema, members of maps in the document's order with new ones last. A list is one value.
[[nodiscard]] std::vector<Change> changes_between(const Schema& schema, const void* before,
                                                  const void* after);

/// The differences between two values of one type.
template <class T>
[[nodiscard]] std::vector<Change> changes_between(const T& before, const T& after) {
  return changes_between(schema_of<T>(), &before, &after);
}

}  // namespace slipway
