// What the audit trail shows of the journal.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "wire/describe.hpp"

namespace slipway {

enum class AuditOrder : uint8_t { newest, oldest };
template <>
struct describe<AuditOrder> {
  static constexpr std::string_view name = "AuditOrder";
  static constexpr std::array<std::string_view, 2> names = {"newest", "oldest"};
};

struct AuditEntryView {
  int64_t id = 0;
  std::string at;
  std::string author;
  std::string cause_id;
  std::string aggregate;
  int64_t seq = 0;
  std::string type;
  std::optional<std::string> before;
  std::optional<std::string> after;
};
template <>
struct describe<AuditEntryView> {
  static constexpr std::string_view name = "AuditEntry";
  static constexpr std::string_view doc = "Something that became true, and who caused it.";
  static constexpr std::array fields = {
      field<&AuditEntryView::id>("id", "grows with every entry; gaps mean nothing"),
      field<&AuditEntryView::at>("at", "RFC 3339, UTC"),
      field<&AuditEntryView::author>("author",
                                     "`admin`, `internal`, a token's or a batch's id, or `system`"),
      field<&AuditEntryView::cause_id>("causeId", "the same for all that one run made true"),
      field<&AuditEntryView::aggregate>("aggregate", "what it is about, such as `site:acme/dev`"),
      field<&AuditEntryView::seq>("seq", "number of the event on its aggregate"),
      field<&AuditEntryView::type>("type", "the event"),
      field<&AuditEntryView::before>("before", "config_stored: digest of the version before"),
      field<&AuditEntryView::after>("after", "config_stored: digest of what was written"),
  };
};

struct AuditList {
  std::vector<AuditEntryView> items;
  std::optional<std::string> next_cursor;
};
template <>
struct describe<AuditList> {
  static constexpr std::string_view name = "AuditList";
  static constexpr std::string_view doc = "The audit trail.";
  static constexpr std::array fields = {
      field<&AuditList::items>("items", "a page"),
      field<&AuditList::next_cursor>("nextCursor", "`cursor` of the next page, if any"),
  };
};

}  // namespace slipway
