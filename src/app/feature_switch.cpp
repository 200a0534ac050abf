// POST .../features/activate and /deactivate, .../stacks/provision and /deactivate: one switch of
// the configuration, on or off. Setting what is set already changes nothing and builds nothing.
#include "app/change_config.hpp"
#include "app/config_bodies.hpp"
#include "app/operations.hpp"
#include "base/nearest.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

using Switches = Map<FeatureSwitch>;

/// Which switch, and what it is to be.
struct Wanted {
  std::string_view operation;
  bool stack = false;
  bool enabled = false;
  std::string id;
  std::optional<Map<Scalar>> options;
  std::optional<std::string> reason;
};

FeatureSwitch* find(Switches& switches, std::string_view id) {
  for (auto& [name, one] : switches.members) {
    if (name == id) return &one;
  }
  return nullptr;
}

/// The switch in the documents; added where it is to be on, null where it is unknown.
FeatureSwitch* switch_of(ConfigDocuments& documents, const Wanted& wanted) {
  if (wanted.stack && !documents.features.stacks) documents.features.stacks.emplace();
  Switches& switches = wanted.stack ? *documents.features.stacks : documents.features.features;
  FeatureSwitch* one = find(switches, wanted.id);
  if (one == nullptr && wanted.enabled) {
    one = &switches.members.emplace_back(wanted.id, FeatureSwitch{}).second;
  }
  return one;
}

/// A switch that is to be off, and does not exist.
Error unknown_switch(const ConfigDocuments& documents, const Wanted& wanted) {
  const FeaturesDocument& features = documents.features;
  std::vector<std::string_view> known;
  if (!wanted.stack) {
    for (const auto& [name, one] : features.features.members) known.push_back(name);
  } else if (features.stacks) {
    for (const auto& [name, one] : features.stacks->members) known.push_back(name);
  }
  const Issue issue = {wanted.stack ? "/stackId" : "/featureId", "feature.unknown",
                       concat("`", wanted.id, "` does not exist"),
                       Suggestions().search(wanted.id, known)};
  return {ErrorCode::feature_unknown, wanted.id, {issue}};
}

Outcome set_switch(Run& run, Wanted wanted) {
  auto start = begin_config_change(run, wanted.reason, Precondition::optional);
  if (start.outcome) return std::move(*start.outcome);
  CurrentConfig& current = *start.current;
  if (!current.documents) {
    return run.fail({ErrorCode::config_opaque, current.version.opaque.value_or(""), {}});
  }
  ConfigDocuments documents = *current.documents;
  FeatureSwitch* one = switch_of(documents, wanted);
  if (one == nullptr) return run.fail(unknown_switch(documents, wanted));
  // What is as it should be stays what it is, TypeScript source included.
  const bool set = one->enabled == wanted.enabled && !wanted.options;
  one->enabled = wanted.enabled;
  if (wanted.options) one->options = std::move(wanted.options);
  auto issues = validate(documents, "");
  if (!issues.empty()) {
    const bool needed = issues[0].code == "config.requires";
    return run.fail({needed ? ErrorCode::feature_needed : ErrorCode::config_invalid,
                     needed ? issues[0].detail : std::string(), std::move(issues)});
  }
  PreparedConfig next = prepare(std::move(documents));
  if (set) next.digest = current.version.digest;
  const std::string otherwise =
      concat(wanted.stack ? "stack " : "feature ", wanted.id,
             wanted.enabled ? (wanted.stack ? " provisioned" : " activated") : " deactivated");
  return change_config(run, std::move(current), std::move(next),
                       {wanted.operation, wanted.reason, otherwise});
}

}  // namespace

Outcome feature_activate(Run& run) {
  FeatureActivateBody body;
  if (const auto error = run.read_body(body)) return run.fail(*error);
  return set_switch(run, {"feature_activate", false, true, std::move(body.feature_id),
                          std::move(body.options), std::move(body.reason)});
}

Outcome feature_deactivate(Run& run) {
  FeatureDeactivateBody body;
  if (const auto error = run.read_body(body)) return run.fail(*error);
  return set_switch(run, {"feature_deactivate", false, false, std::move(body.feature_id),
                          std::nullopt, std::move(body.reason)});
}

Outcome stack_provision(Run& run) {
  StackProvisionBody body;
  if (const auto error = run.read_body(body)) return run.fail(*error);
  return set_switch(run, {"stack_provision", true, true, std::move(body.stack_id),
                          std::move(body.options), std::move(body.reason)});
}

Outcome stack_deactivate(Run& run) {
  StackDeactivateBody body;
  if (const auto error = run.read_body(body)) return run.fail(*error);
  return set_switch(run, {"stack_deactivate", true, false, std::move(body.stack_id), std::nullopt,
                          std::move(body.reason)});
}

}  // namespace slipway
