// What the API shows of a configuration and its history.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "app/views.hpp"
#include "domain/config.hpp"
#include "domain/platform.hpp"
#include "wire/json_diff.hpp"

namespace slipway {

struct ConfigVersionView {
  int64_t version = 0;
  std::string etag;
  ConfigSource source{};
  std::optional<std::string> opaque;
  std::string author;
  std::string reason;
  std::string created_at;
  std::optional<ConfigDocuments> documents;
  std::optional<ConfigView> rendered;
};
template <>
struct describe<ConfigVersionView> {
  static constexpr std::string_view name = "ConfigVersion";
  static constexpr std::string_view doc = "One version of a configuration; it never changes.";
  static constexpr std::array fields = {
      field<&ConfigVersionView::version>("version", "counts from 1"),
      field<&ConfigVersionView::etag>("etag", "for If-Match"),
      field<&ConfigVersionView::source>("source", "structured, or typescript as it was sent"),
      field<&ConfigVersionView::opaque>("opaque", "why the TypeScript could not be read"),
      field<&ConfigVersionView::author>("author", "who wrote it"),
      field<&ConfigVersionView::reason>("reason", "why"),
      field<&ConfigVersionView::created_at>("createdAt", "RFC 3339, UTC"),
      field<&ConfigVersionView::documents>("documents", "of one version; absent where opaque"),
      field<&ConfigVersionView::rendered>("rendered", "of one version: what the builder gets"),
  };
};

struct ConfigVersionList {
  std::vector<ConfigVersionView> items;
  std::optional<std::string> next_cursor;
};
template <>
struct describe<ConfigVersionList> {
  static constexpr std::string_view name = "ConfigVersionList";
  static constexpr std::string_view doc = "Versions of a configuration, newest first.";
  static constexpr std::array fields = {
      field<&ConfigVersionList::items>("items", "a page"),
      field<&ConfigVersionList::next_cursor>("nextCursor", "`cursor` of the next page, if any"),
  };
};

struct ConfigDiffView {
  int64_t from = 0;
  int64_t to = 0;
  std::vector<Change> changes;
};
template <>
struct describe<ConfigDiffView> {
  static constexpr std::string_view name = "ConfigDiff";
  static constexpr std::string_view doc = "What differs between two versions.";
  static constexpr std::array fields = {
      field<&ConfigDiffView::from>("from", "the version that is compared with"),
      field<&ConfigDiffView::to>("to", "the version that is compared"),
      field<&ConfigDiffView::changes>("changes", "empty where they are equal"),
  };
};

/// What became of a change, or would become of it.
struct ConfigChangeView {
  bool changed = false;
  bool dry_run = false;
  int64_t version = 0;
  std::string etag;
  std::vector<Change> changes;
  std::vector<Environment> rebuilds;
  std::optional<OperationView> operation;
};
template <>
struct describe<ConfigChangeView> {
  static constexpr std::string_view name = "ConfigChange";
  static constexpr std::string_view doc = "What a change of the configuration did, or would do.";
  static constexpr std::array fields = {
      field<&ConfigChangeView::changed>("changed", "whether the documents differ from before"),
      field<&ConfigChangeView::dry_run>("dryRun", "nothing was stored: this is what would happen"),
      field<&ConfigChangeView::version>("version", "the newest version after the change"),
      field<&ConfigChangeView::etag>("etag", "of that version, for If-Match"),
      field<&ConfigChangeView::changes>("changes", "what differs from the version before"),
      field<&ConfigChangeView::rebuilds>("rebuilds", "environments that are built again"),
      field<&ConfigChangeView::operation>("operation", "follow it with its id"),
  };
};

}  // namespace slipway
