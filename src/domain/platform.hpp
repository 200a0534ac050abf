// A platform with its configuration versions, and the operations that were started on it.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "domain/names.hpp"
#include "domain/platform_events.hpp"

namespace slipway {

/// Why a platform is suspended.
struct Suspension {
  std::string reason;
  int64_t at_ms = 0;
};
template <>
struct describe<Suspension> {
  static constexpr std::string_view name = "Suspension";
  static constexpr std::string_view doc = "Why and since when nothing is deployed.";
  static constexpr std::array fields = {
      field<&Suspension::reason>("reason", "why"),
      field<&Suspension::at_ms>("at_ms", "milliseconds since the epoch"),
  };
};

/// That a platform is to be gone.
struct Deletion {
  std::string operation_id;
  int64_t at_ms = 0;
};
template <>
struct describe<Deletion> {
  static constexpr std::string_view name = "Deletion";
  static constexpr std::string_view doc = "Since when the platform is to be gone.";
  static constexpr std::array fields = {
      field<&Deletion::operation_id>("operation_id", "the operation that follows it"),
      field<&Deletion::at_ms>("at_ms", "milliseconds since the epoch"),
  };
};

struct PlatformRow {
  int64_t seq = 0;
  std::string platform_id;
  std::string name;
  std::vector<Environment> environments;
  int64_t config_version = 0;
  std::string request_digest;
  std::string operation_id;
  int64_t created_ms = 0;
  std::optional<Suspension> suspended;
  std::optional<Deletion> deletion;
  std::optional<int64_t> deleted_ms;
};
template <>
struct describe<PlatformRow> {
  static constexpr std::string_view name = "PlatformRow";
  static constexpr std::string_view doc = "A platform as it is stored.";
  static constexpr std::array fields = {
      field<&PlatformRow::seq>("seq", "events so far"),
      field<&PlatformRow::platform_id>("platform_id", "its id"),
      field<&PlatformRow::name>("name", "its name for people"),
      field<&PlatformRow::environments>("environments", "its environments"),
      field<&PlatformRow::config_version>("config_version", "the latest configuration version"),
      field<&PlatformRow::request_digest>("request_digest", "BLAKE3 of the request that made it"),
      field<&PlatformRow::operation_id>("operation_id", "the operation that made it"),
      field<&PlatformRow::created_ms>("created_ms", "milliseconds since the epoch"),
      field<&PlatformRow::suspended>("suspended", "while nothing is deployed"),
      field<&PlatformRow::deletion>("deletion", "once it is to be gone"),
      field<&PlatformRow::deleted_ms>("deleted_ms", "gone since"),
  };
};

/// What a configuration version was written as.
enum class ConfigSource : uint8_t { structured, typescript };
template <>
struct describe<ConfigSource> {
  static constexpr std::string_view name = "ConfigSource";
  static constexpr std::array<std::string_view, 2> names = {"structured", "typescript"};
};

struct ConfigVersionRow {
  std::string platform_id;
  int64_t version = 0;
  std::string digest;
  std::string prefix;
  std::vector<Environment> overrides;
  ConfigSource source{};
  std::optional<std::string> opaque;
  std::string author;
  std::string reason;
  int64_t created_ms = 0;
};
template <>
struct describe<ConfigVersionRow> {
  static constexpr std::string_view name = "ConfigVersionRow";
  static constexpr std::string_view doc = "One version of a configuration; immutable.";
  static constexpr std::array fields = {
      field<&ConfigVersionRow::platform_id>("platform_id", "the platform"),
      field<&ConfigVersionRow::version>("version", "counts from 1"),
      field<&ConfigVersionRow::digest>("digest", "BLAKE3 of the documents"),
      field<&ConfigVersionRow::prefix>("prefix", "where the documents are stored"),
      field<&ConfigVersionRow::overrides>("overrides", "environments with documents of their own"),
      field<&ConfigVersionRow::source>("source", "what it was written as"),
      field<&ConfigVersionRow::opaque>("opaque", "why its TypeScript could not be read"),
      field<&ConfigVersionRow::author>("author", "who wrote it"),
      field<&ConfigVersionRow::reason>("reason", "why"),
      field<&ConfigVersionRow::created_ms>("created_ms", "milliseconds since the epoch"),
  };
};

/// What an operation wants of a site.
enum class SiteGoal : uint8_t { served, suspended, deleted };
template <>
struct describe<SiteGoal> {
  static constexpr std::string_view name = "SiteGoal";
  static constexpr std::array<std::string_view, 3> names = {"served", "suspended", "deleted"};
};

/// What one site owes to an operation.
struct OperationSite {
  std::string site;
  int64_t revision = 0;
  int64_t seq = 0;
  std::optional<SiteGoal> goal = std::nullopt;
};
template <>
struct describe<OperationSite> {
  static constexpr std::string_view name = "OperationSite";
  static constexpr std::string_view doc = "The wish of one site that an operation made.";
  static constexpr std::array fields = {
      field<&OperationSite::site>("site", "the site"),
      field<&OperationSite::revision>("revision", "its wish"),
      field<&OperationSite::seq>("seq", "the site's event that made it"),
      field<&OperationSite::goal>("goal", "absent: that the site serves the wish"),
  };
};

struct OperationRow {
  std::string id;
  std::string kind;
  std::string platform_id;
  std::vector<OperationSite> sites;
  int64_t created_ms = 0;
};
template <>
struct describe<OperationRow> {
  static constexpr std::string_view name = "OperationRow";
  static constexpr std::string_view doc = "What an API call started; immutable.";
  static constexpr std::array fields = {
      field<&OperationRow::id>("id", "`op_` and a ULID"),
      field<&OperationRow::kind>("kind", "the API operation's name"),
      field<&OperationRow::platform_id>("platform_id", "the platform"),
      field<&OperationRow::sites>("sites", "what it wished"),
      field<&OperationRow::created_ms>("created_ms", "milliseconds since the epoch"),
  };
};

struct PlatformCreated {
  std::string platform_id;
  std::string name;
  std::vector<Environment> environments;
  std::string request_digest;
  std::string operation_id;
  std::string author;
};
struct ConfigStored {
  int64_t version = 0;
  std::string digest;
  std::string author;
  std::string reason;
  std::optional<std::string> previous;
};
template <>
struct describe<PlatformCreated> {
  static constexpr std::string_view name = "platform_created";
  static constexpr std::string_view doc = "The platform exists.";
  static constexpr std::array fields = {
      field<&PlatformCreated::platform_id>("platform_id", "its id"),
      field<&PlatformCreated::name>("name", "its name for people"),
      field<&PlatformCreated::environments>("environments", "its environments"),
      field<&PlatformCreated::request_digest>("request_digest", "BLAKE3 of the request"),
      field<&PlatformCreated::operation_id>("operation_id", "the operation"),
      field<&PlatformCreated::author>("author", "who asked"),
  };
};
template <>
struct describe<ConfigStored> {
  static constexpr std::string_view name = "config_stored";
  static constexpr std::string_view doc = "A configuration version exists.";
  static constexpr std::array fields = {
      field<&ConfigStored::version>("version", "its number"),
      field<&ConfigStored::digest>("digest", "BLAKE3 of the documents"),
      field<&ConfigStored::author>("author", "who wrote it"),
      field<&ConfigStored::reason>("reason", "why"),
      field<&ConfigStored::previous>("previous", "digest of the version before, if any"),
  };
};
using PlatformEvent =
    std::variant<PlatformCreated, ConfigStored, PlatformRenamed, EnvironmentsChanged,
                 PlatformSuspended, PlatformResumed, PlatformDeletionStarted, PlatformDeleted>;

/// Makes the event true on the row; `at_ms` is when it was recorded.
void apply(PlatformRow& platform, const PlatformEvent& event, int64_t at_ms);

/// The id of a version's row: `acme/0000000001`, so that versions sort by number.
[[nodiscard]] std::string config_version_id(std::string_view platform_id, int64_t version);

/// Where a version's documents are stored: `configs/acme/1-<16 hex of the digest>`.
[[nodiscard]] std::string config_prefix(std::string_view platform_id, int64_t version,
                                        std::string_view digest);

/// The structured documents of a version, where it has them: `<prefix>/config.json`.
[[nodiscard]] std::string config_json_id(const ConfigVersionRow& version);

/// The stored document of one configuration file, such as `<prefix>/dev/env.config.ts`. The
/// features are the same in every environment.
[[nodiscard]] std::string config_document_id(const ConfigVersionRow& version,
                                             std::string_view document,
                                             std::optional<Environment> environment);

}  // namespace slipway
