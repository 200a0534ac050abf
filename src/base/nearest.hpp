// Which known name was probably meant by one that is not known.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace slipway {

/// The one of `known` that is fewest edits away from `given`: bytes inserted, removed, replaced, or
/// two neighbours swapped. At most 2 edits and at most a third of the bytes of `given`; of several
/// the first. Nothing where none is that near, and for names beyond `limits::suggested_bytes_max`.
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view given,
                                                      std::span<const std::string_view> known);

/// Suggestions for one document: a few searches and no more, so that a document full of unknown
/// names costs little more than reading it.
class Suggestions {
 public:
  /// As `nearest`; nothing once `limits::suggestions_max` names have been looked for.
  [[nodiscard]] std::optional<std::string> search(std::string_view given,
                                                  std::span<const std::string_view> known);

 private:
  size_t searches_ = 0;
};

}  // namespace slipway
