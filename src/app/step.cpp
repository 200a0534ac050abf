#include "app/step.hpp"

#include <algorithm>

#include "app/authorize.hpp"
#include "app/idempotency.hpp"
#include "app/operations.hpp"
#include "app/run.hpp"
#include "base/nearest.hpp"
#include "base/text.hpp"
#include "wire/frame.hpp"

namespace slipway {
namespace {

const OperationInfo* find_operation(std::string_view name) {
  for (const OperationInfo& operation : operations()) {
    if (operation.name == name) return &operation;
  }
  return nullptr;
}

/// What a parameter's value must be; empty where it is that.
std::string value_fault(const QueryParam& param, std::string_view value) {
  const Schema& schema = param.schema();
  if (schema.kind == Kind::enumeration) {
    const auto names = schema.names;
    if (std::find(names.begin(), names.end(), value) != names.end()) return {};
    std::string fault = "must be one of:";
    for (const std::string_view name : names) fault.append(" ").append(name);
    return fault;
  }
  if (schema.kind == Kind::boolean) {
    return value == "true" || value == "false" ? "" : "must be true or false";
  }
  const bool is_number = schema.kind == Kind::integer;
  const auto number = is_number ? to_number(value) : static_cast<int64_t>(value.size());
  if (number && *number >= param.min && *number <= param.max) return {};
  return concat(is_number ? "must be a whole number from " : "must have a length in bytes from ",
                to_text(param.min), " to ", to_text(param.max));
}

/// The parameter of the route that was probably meant.
std::optional<std::string> meant(const OperationInfo& operation, std::string_view name,
                                 Suggestions& suggestions) {
  std::vector<std::string_view> known;
  for (const QueryParam& param : operation.query) {
    if (!param.name.empty()) known.push_back(param.name);
  }
  return suggestions.search(name, known);
}

/// Every query parameter must be known, stand once and have a value of its form.
std::vector<Issue> query_issues(const OperationInfo& operation, const InputDocument& input) {
  std::vector<Issue> issues;
  Suggestions suggestions;
  for (size_t i = 0; i < input.query.size(); ++i) {
    if (input.query[i].size() != 2) stop_on_damage();
    const std::string& name = input.query[i][0];
    const auto param = std::find_if(
        operation.query.begin(), operation.query.end(),
        [&](const QueryParam& known) { return !known.name.empty() && known.name == name; });
    const bool twice = std::any_of(input.query.begin(), input.query.begin() + static_cast<long>(i),
                                   [&](const auto& pair) { return pair[0] == name; });
    if (twice) issues.push_back({name, "query.duplicate", "stands twice"});
    if (param == operation.query.end()) {
      issues.push_back({name, "query.unknown", "is not a parameter of this route",
                        meant(operation, name, suggestions)});
    } else if (std::string fault = value_fault(*param, input.query[i][1]); !fault.empty()) {
      issues.push_back({name, "query.value", std::move(fault),
                        suggestions.search(input.query[i][1], param->schema().names)});
    }
  }
  return issues;
}

Outcome serve(Run& run) {
  const InputDocument& input = run.input();
  const OperationInfo* operation = find_operation(input.operation);
  if (operation == nullptr) {
    const bool method = input.operation == "method_not_allowed";
    return run.fail({method ? ErrorCode::method_not_allowed : ErrorCode::route_unknown, "", {}});
  }
  if (auto refused = authorize(run, *operation)) return *std::move(refused);
  auto issues = query_issues(*operation, input);
  if (!issues.empty()) return run.fail({ErrorCode::query_invalid, "", std::move(issues)});
  if (auto recalled = recall(run, *operation)) return *std::move(recalled);
  return operation->decide(run);
}

/// An effect key is an aggregate's name: look at what is, not at what was once said.
Outcome perform(Run& run) {
  const std::string_view key = run.input().effect_key;
  if (key.starts_with("site:")) return look_at_site(run, key.substr(5));
  if (key.starts_with("batch:")) return look_at_batch(run, key.substr(6));
  if (key.starts_with("platform:")) return look_at_platform(run, key.substr(9));
  if (key.starts_with("upkeep:")) return look_at_upkeep(run, key.substr(7));
  if (key.starts_with("prune:")) return prune(run, key.substr(6));
  if (key.starts_with("queue:")) return look_at_queue(run, key.substr(6));
  if (key.starts_with("drift:")) return look_for_drift(run, key.substr(6));
  if (key.starts_with("import:")) return look_at_import(run, key.substr(7));
  if (key.starts_with("org:")) return look_at_org(run, key.substr(4));
  if (key.starts_with("migration:")) return look_at_migration(run, key.substr(10));
  stop_on_damage();
}

Outcome decide(Run& run) {
  switch (run.input().kind) {
    case InputKind::request:
      return serve(run);
    case InputKind::effect:
      return perform(run);
    case InputKind::tick:
      return run.input().operation == "watch_runs" ? watch_runs(run) : sweep(run);
    case InputKind::fold:
      return fold_journal(run);
    case InputKind::dead:
      return record_dead_letter(run);
    case InputKind::provision:
      return provision_alone(run);
  }
  stop_on_damage();
}

}  // namespace

std::string step(std::string_view frame) {
  const auto segments = read_frame(frame);
  if (!segments) stop_on_damage();
  JsonReader reader;
  InputFrame input;
  if (!reader.read({(*segments)[0]}, Strictness::lenient, input).ok()) stop_on_damage();

  Run run(input, *segments, reader);
  return run.frame_of(decide(run));
}

}  // namespace slipway
