// Writing JSON directly from field tables: no tree in between.
#pragma once

#include <string>
#include <string_view>

#include "wire/describe.hpp"

namespace slipway {

/// Appends `text` as a JSON string. The text is UTF-8; `<`, U+2028 and U+2029 are escaped too, so
/// that the result stands safely inside a script element or TypeScript source.
void append_json_string(std::string& out, std::string_view text);

/// Appends the value at `source`, which `schema` describes. Absent optionals are left out.
void append_json(std::string& out, const Schema& schema, const void* source);

/// The JSON text of `value`.
template <class T>
[[nodiscard]] std::string to_json(const T& value) {
  std::string out;
  append_json(out, schema_of<T>(), &value);
  return out;
}

}  // namespace slipway
