#include "domain/platform.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace slipway {

namespace {

/// One overload for each event.
struct Apply {
  PlatformRow& platform;
  int64_t at_ms;

  /// Also of a platform that was deleted: its events and configuration versions are counted on.
  void operator()(const PlatformCreated& e) const {
    platform.platform_id = e.platform_id;
    platform.name = e.name;
    platform.environments = e.environments;
    platform.request_digest = e.request_digest;
    platform.operation_id = e.operation_id;
    platform.created_ms = at_ms;
    platform.suspended.reset();
    platform.deletion.reset();
    platform.deleted_ms.reset();
  }
  void operator()(const ConfigStored& e) const { platform.config_version = e.version; }
  void operator()(const PlatformRenamed& e) const { platform.name = e.name; }
  void operator()(const EnvironmentsChanged& e) const { platform.environments = e.environments; }
  void operator()(const PlatformSuspended& e) const {
    platform.suspended = Suspension{e.reason, at_ms};
  }
  void operator()(const PlatformResumed&) const { platform.suspended.reset(); }
  void operator()(const PlatformDeletionStarted& e) const {
    platform.deletion = Deletion{e.operation_id, at_ms};
  }
  void operator()(const PlatformDeleted&) const { platform.deleted_ms = at_ms; }
};

}  // namespace

void apply(PlatformRow& platform, const PlatformEvent& event, int64_t at_ms) {
  ++platform.seq;
  std::visit(Apply{platform, at_ms}, event);
}

std::string config_version_id(std::string_view platform_id, int64_t version) {
  const std::string number = to_text(version);
  return concat(platform_id, "/", std::string(10 - std::min<size_t>(10, number.size()), '0'),
                number);
}

std::string config_prefix(std::string_view platform_id, int64_t version, std::string_view digest) {
  return concat("configs/", platform_id, "/", to_text(version), "-", digest.substr(0, 16));
}

std::string config_json_id(const ConfigVersionRow& version) {
  return concat(version.prefix, "/config.json");
}

std::string config_document_id(const ConfigVersionRow& version, std::string_view document,
                               std::optional<Environment> environment) {
  const bool own = environment && document != "features" &&
                   std::find(version.overrides.begin(), version.overrides.end(), *environment) !=
                       version.overrides.end();
  const std::string folder = own ? concat("/", name_of(*environment)) : std::string();
  return concat(version.prefix, folder, "/", document, ".config.ts");
}

}  // namespace slipway
