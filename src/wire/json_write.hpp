// Writing JSON directly from field tables: no tree in between.
#pragma once

#include <string>
#include <string_view>

#include "wire/describe.hpp"

namespace slipway {

/// Appends `text` as a JSON string. The text is UTF-8; `<`, U+2028 and U+2029 are escaped too, so
/// that the result stands safely inside a script element or TypeScript source.
void append_json_string(std::string& out, std::string_view text);

/// The JSON text of the value at `source`, which `schema` describes. Absent optionals are left out.
[[nodiscard]] std::string to_json(const Schema& schema, const void* source);

/// The same value as a TypeScript literal, indented: JSON but for the name `__proto__`, which would
/// set the prototype. Deterministic; no value can break out of it.
[[nodiscard]] std::string to_literal(const Schema& schema, const void* source);

/// The TypeScript literal of `value`.
template <class T>
[[nodiscard]] std::string to_literal(const T& value) {
  return to_literal(schema_of<T>(), &value);
}

/// The JSON text of `value`.
template <class T>
[[nodiscard]] std::string to_json(const T& value) {
  return to_json(schema_of<T>(), &value);
}

}  // namespace slipway
