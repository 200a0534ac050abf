// PUT .../config: the whole configuration anew, structured or as TypeScript source.
#include "app/change_config.hpp"
#include "app/config_bodies.hpp"
#include "app/operations.hpp"
#include "base/text.hpp"
#include "domain/config_import.hpp"

namespace slipway {
namespace {

/// Either all three documents or all three sources.
std::vector<Issue> form_issues(const ConfigWriteBody& body) {
  const bool structured = body.features || body.env || body.auth;
  const bool sources = body.features_config || body.env_config || body.auth_config;
  if (structured && sources) {
    return {{"", "config.form", "is either structured or TypeScript source, not both"}};
  }
  std::vector<Issue> issues;
  const auto needs = [&](bool there, std::string_view pointer) {
    if (!there) issues.push_back({std::string(pointer), "field.missing", "is required"});
  };
  if (sources) {
    needs(body.features_config.has_value(), "/featuresConfig");
    needs(body.env_config.has_value(), "/envConfig");
    needs(body.auth_config.has_value(), "/authConfig");
  } else {
    needs(body.features.has_value(), "/features");
    needs(body.env.has_value(), "/env");
    needs(body.auth.has_value(), "/auth");
  }
  return issues;
}

}  // namespace

Outcome config_write(Run& run) {
  ConfigWriteBody body;
  if (const auto error = run.read_body(body)) return run.fail(*error);
  auto issues = form_issues(body);
  if (!issues.empty()) return run.fail({ErrorCode::body_invalid, "", std::move(issues)});

  PreparedConfig next;
  if (body.features) {
    ConfigDocuments documents{std::move(*body.features), std::move(*body.env),
                              std::move(*body.auth)};
    issues = validate(documents, "");
    if (!issues.empty()) return run.fail({ErrorCode::config_invalid, "", std::move(issues)});
    next = prepare(std::move(documents));
  } else {
    const RenderedConfig sources{std::move(*body.features_config), std::move(*body.env_config),
                                 std::move(*body.auth_config)};
    issues = source_issues(sources);
    if (!issues.empty()) return run.fail({ErrorCode::config_invalid, "", std::move(issues)});
    next = prepare(sources, read_sources(run.reader(), sources));
  }
  auto start = begin_config_change(run, body.reason, Precondition::required);
  if (start.outcome) return std::move(*start.outcome);
  return change_config(run, std::move(*start.current), std::move(next),
                       {"config_write", body.reason, "configuration written"});
}

}  // namespace slipway
