// What users send to import repositories, and what the API shows of an import.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "domain/import.hpp"

namespace slipway {

struct ImportBody {
  std::optional<std::string> owner;
  std::optional<std::vector<std::string>> repositories;
  std::optional<bool> all;
  std::optional<std::string> prefix;
  std::optional<std::string> suffix;
  std::optional<std::vector<Environment>> environments;
  std::optional<bool> dry_run;
};
template <>
struct describe<ImportBody> {
  static constexpr std::string_view name = "Import";
  static constexpr std::string_view doc =
      "Repositories to import: either named, or all of an organisation.";
  static constexpr std::array fields = {
      field<&ImportBody::owner>("owner", "the organisation; without it: the instance's"),
      field<&ImportBody::repositories>("repositories", "names without the owner, 1 to 1000"),
      field<&ImportBody::all>("all", "true: the organisation's list is read"),
      field<&ImportBody::prefix>("prefix", "with `all`: how names begin"),
      field<&ImportBody::suffix>(
          "suffix", "how names end after the platform id; without it: -platform-console"),
      field<&ImportBody::environments>("environments",
                                       "of every platform; without it: those with an old project"),
      field<&ImportBody::dry_run>("dryRun",
                                  "true: everything is read and reported, no platform is stored"),
  };
};

struct ImportItemView {
  std::string repository;
  std::optional<std::string> platform_id;
  ImportOutcome outcome{};
  std::vector<Environment> environments;
  std::optional<std::string> config;
  std::vector<Failure> notes;
};
template <>
struct describe<ImportItemView> {
  static constexpr std::string_view name = "ImportItem";
  static constexpr std::string_view doc = "What became of one repository.";
  static constexpr std::array fields = {
      field<&ImportItemView::repository>("repository", "`owner/name`"),
      field<&ImportItemView::platform_id>("platformId", "the platform, where the name gives one"),
      field<&ImportItemView::outcome>("outcome", "what became of it"),
      field<&ImportItemView::environments>("environments", "its sites"),
      field<&ImportItemView::config>("config", "structured, or opaque: kept as TypeScript"),
      field<&ImportItemView::notes>("notes", "what was not readable, each with the next step"),
  };
};

struct ImportView {
  std::string import_id;
  ImportState state{};
  bool dry_run = false;
  int64_t waiting = 0;
  int64_t read = 0;
  int64_t imported = 0;
  int64_t existing = 0;
  int64_t refused = 0;
  std::optional<Failure> failure;
  std::string created_at;
  std::string updated_at;
  std::vector<ImportItemView> items;
  std::optional<std::string> next_cursor;
};
template <>
struct describe<ImportView> {
  static constexpr std::string_view name = "ImportReport";
  static constexpr std::string_view doc = "An import and its lines.";
  static constexpr std::array fields = {
      field<&ImportView::import_id>("importId", "its id"),
      field<&ImportView::state>("state", "how far it is"),
      field<&ImportView::dry_run>("dryRun", "no platform is stored"),
      field<&ImportView::waiting>("waiting", "repositories that are known and not yet read"),
      field<&ImportView::read>("read", "repositories that have their line"),
      field<&ImportView::imported>("imported", "those that became a platform"),
      field<&ImportView::existing>("existing", "those whose platform was there"),
      field<&ImportView::refused>("refused", "those that could not be imported"),
      field<&ImportView::failure>("failure", "why it stopped"),
      field<&ImportView::created_at>("createdAt", "RFC 3339, UTC"),
      field<&ImportView::updated_at>("updatedAt", "RFC 3339, UTC"),
      field<&ImportView::items>("items", "a page of lines"),
      field<&ImportView::next_cursor>("nextCursor", "`cursor` of the next page, if any"),
  };
};

/// The view of an import with these lines.
[[nodiscard]] ImportView view_of(const ImportRow& row, const std::vector<ImportItemRow>& items);

}  // namespace slipway
