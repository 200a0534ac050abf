// Journals as they are read again: entries, the formats that their events were written in, and the
// folding of them into a row.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wire/describe.hpp"
#include "wire/json_read.hpp"

namespace slipway {

/// The format that events are written in. 1: before formats were written down. 2: a journal may
/// begin with a snapshot. A member that an older event lacks has its default; a change that this
/// cannot express raises the format, with a function in `upgraded` that turns an event of the
/// format before into one of the new.
inline constexpr int64_t journal_format = 2;

/// An event of an older format, in JSON, as `journal_format` has it.
[[nodiscard]] std::string upgraded(int64_t format, std::string event);

/// An entry of a journal, as the query `journal_of` gives it.
struct JournalRecord {
  int64_t seq = 0;
  int64_t at_ms = 0;
  int64_t format = 1;
  Raw event;
};
template <>
struct describe<JournalRecord> {
  static constexpr std::string_view name = "JournalRecord";
  static constexpr std::string_view doc = "An entry of a journal.";
  static constexpr std::array fields = {
      field<&JournalRecord::seq>("seq", "number of the event on its aggregate"),
      field<&JournalRecord::at_ms>("at_ms", "milliseconds since the epoch"),
      field<&JournalRecord::format>("format", "the format of the event"),
      field<&JournalRecord::event>("event", "what became true"),
  };
};

/// What is needed of any event to know what it is about.
struct EventHead {
  std::string type;
  std::string deployment_id;
};
template <>
struct describe<EventHead> {
  static constexpr std::string_view name = "EventHead";
  static constexpr std::string_view doc = "What every event says of itself.";
  static constexpr std::array fields = {
      field<&EventHead::type>("type", "the event"),
      field<&EventHead::deployment_id>("deployment_id", "the deployment, where it is about one"),
  };
};

/// The event that a compacted journal begins with: the row as it was after it.
inline constexpr std::string_view snapshot_type = "snapshot";
template <class Row>
struct Snapshot {
  Row row;
};
template <class Row>
struct describe<Snapshot<Row>> {
  static constexpr std::string_view name = "Snapshot";
  static constexpr std::string_view doc = "What all earlier events led to.";
  static constexpr std::array fields = {field<&Snapshot<Row>::row>("row", "the row")};
};

/// Whether an entry was written by a newer version: its event must not be interpreted.
[[nodiscard]] bool has_newer(const std::vector<JournalRecord>& entries);

/// Reads an event's text into `out`, leniently. False where it is not that.
template <class T>
[[nodiscard]] bool read_event(JsonReader& reader, std::string_view text, T& out) {
  const PaddedText padded(text);
  return reader.read(padded.view(), Strictness::lenient, out).ok();
}

/// Makes the entry true on the row. False where it is not the next one, or cannot be read.
template <class Row, class Event>
[[nodiscard]] bool fold_entry(JsonReader& reader, const JournalRecord& entry, Row& row) {
  const std::string text = upgraded(entry.format, entry.event.text);
  EventHead head;
  if (!read_event(reader, text, head)) return false;
  if (head.type == snapshot_type) {
    Snapshot<Row> snapshot;
    if (row.seq != 0 || !read_event(reader, text, snapshot)) return false;
    row = std::move(snapshot.row);
    return row.seq == entry.seq;
  }
  Event event;
  if (entry.seq != row.seq + 1 || !read_event(reader, text, event)) return false;
  apply(row, event, entry.at_ms);
  return true;
}

}  // namespace slipway
