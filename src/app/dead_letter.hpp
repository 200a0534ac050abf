// Dead letters: effects whose message failed so often that the queue has given it up.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/describe.hpp"

namespace slipway {

struct DeadLetterRow {
  std::string effect_key;
  int64_t due_at_ms = 0;
  int64_t given_up = 0;
  int64_t first_ms = 0;
  int64_t last_ms = 0;
  std::string error;
};
template <>
struct describe<DeadLetterRow> {
  static constexpr std::string_view name = "DeadLetterRow";
  static constexpr std::string_view doc = "An effect whose message was given up.";
  static constexpr std::array fields = {
      field<&DeadLetterRow::effect_key>("effect_key", "what was to be looked at"),
      field<&DeadLetterRow::due_at_ms>("due_at_ms", "the promise that could not be kept"),
      field<&DeadLetterRow::given_up>("given_up", "messages that were given up"),
      field<&DeadLetterRow::first_ms>("first_ms", "the first, milliseconds since the epoch"),
      field<&DeadLetterRow::last_ms>("last_ms", "the last, milliseconds since the epoch"),
      field<&DeadLetterRow::error>("error", "why the last try failed"),
  };
};

/// Where dead letters are stored.
inline constexpr std::string_view dead_letter_table = "dead_letter";

/// The id of an effect's dead letter: `dl_` and 26 hex digits that follow from its key.
[[nodiscard]] std::string dead_letter_id(std::string_view effect_key);

struct DeadLetterView {
  std::string dead_letter_id;
  std::string effect;
  std::string due_at;
  int64_t given_up = 0;
  std::string first_at;
  std::string last_at;
  std::string error;
};
template <>
struct describe<DeadLetterView> {
  static constexpr std::string_view name = "DeadLetter";
  static constexpr std::string_view doc = "Work that failed again and again.";
  static constexpr std::array fields = {
      field<&DeadLetterView::dead_letter_id>("deadLetterId", "its id"),
      field<&DeadLetterView::effect>("effect", "what was to be looked at: `site:acme/dev`"),
      field<&DeadLetterView::due_at>("dueAt", "since when: RFC 3339, UTC"),
      field<&DeadLetterView::given_up>("givenUp", "messages given up, each after six tries"),
      field<&DeadLetterView::first_at>("firstAt", "the first one: RFC 3339, UTC"),
      field<&DeadLetterView::last_at>("lastAt", "the last one: RFC 3339, UTC"),
      field<&DeadLetterView::error>("error", "why the last try failed"),
  };
};

struct DeadLetterList {
  std::vector<DeadLetterView> items;
  std::optional<std::string> next_cursor;
};
template <>
struct describe<DeadLetterList> {
  static constexpr std::string_view name = "DeadLetterList";
  static constexpr std::string_view doc = "Dead letters.";
  static constexpr std::array fields = {
      field<&DeadLetterList::items>("items", "a page"),
      field<&DeadLetterList::next_cursor>("nextCursor", "`cursor` of the next page, if any"),
  };
};

struct RetriedView {
  int64_t retried = 0;
  bool more = false;
};
template <>
struct describe<RetriedView> {
  static constexpr std::string_view name = "Retried";
  static constexpr std::string_view doc = "What is tried again.";
  static constexpr std::array fields = {
      field<&RetriedView::retried>("retried", "dead letters that are tried again now"),
      field<&RetriedView::more>("more", "there are more: ask again"),
  };
};

}  // namespace slipway
