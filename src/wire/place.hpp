// JSON Pointers (RFC 6901): where in a document a fault lies.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace slipway {

/// A place in a document as the way down to it. Lives on the stack of whoever walks the document,
/// and only becomes text when there is a fault to name. Every part outlives the places below it.
class Place {
 public:
  /// The whole document, or the place that `pointer` names.
  explicit Place(std::string_view pointer = {}) : name_(pointer) {}
  /// The member of that name.
  Place(const Place& parent, std::string_view name) : parent_(&parent), name_(name) {}
  /// The element of that index, from 0.
  Place(const Place& parent, size_t index) : parent_(&parent), index_(index) {}
  // A place holds on to the places above it: it is never kept.
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  /// The JSON Pointer; empty for the whole document.
  [[nodiscard]] std::string pointer() const;

 private:
  void append_to(std::string& out) const;

  const Place* parent_ = nullptr;
  std::string_view name_;
  size_t index_ = no_index;
  static constexpr size_t no_index = static_cast<size_t>(-1);
};

}  // namespace slipway
