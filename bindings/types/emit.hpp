// The emitter: texts that follow from the field tables, the operation list, the error table and the
// edge tables. Each function below makes one file; nothing here decides anything.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wire/describe.hpp"

namespace slipway::emit {

/// `bindings/generated/operations.ts`: operations, tables and queries as the shim uses them.
[[nodiscard]] std::string operations_ts();
/// `bindings/generated/api.ts`: every body and reply of the API.
[[nodiscard]] std::string api_ts();
/// `bindings/generated/control.ts`: the control documents of frames.
[[nodiscard]] std::string control_ts();
/// `bindings/generated/openapi.json`.
[[nodiscard]] std::string openapi_json();
/// `bindings/generated/config.schema.json`: the shape of a configuration (JSON Schema 2020-12).
[[nodiscard]] std::string config_schema_json();
/// `docs/states.md`.
[[nodiscard]] std::string states_md();
/// `docs/errors.md`.
[[nodiscard]] std::string errors_md();

/// The named schemas that `roots` mention, each once, in the order of their first mention. Stops
/// the program when two different schemas have one name.
[[nodiscard]] std::vector<const Schema*> named_schemas(const std::vector<SchemaRef>& roots);

/// Roots of the API: the problem document, then bodies, replies and query parameters in the order
/// of the operations.
[[nodiscard]] std::vector<SchemaRef> api_roots();

/// The names of the parameters in a path such as `/a/{b}/c`.
[[nodiscard]] std::vector<std::string> path_params(std::string_view path);

}  // namespace slipway::emit
