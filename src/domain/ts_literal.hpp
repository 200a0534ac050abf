// Literal modules: TypeScript files that only give names to literals, such as features.config.ts
// as people write it. What they export is read without running them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/ts_fault.hpp"

namespace slipway {

/// Largest source that is read.
inline constexpr size_t literal_source_bytes_max = 1024 * 1024;

/// A name under which a module exports one of its values.
struct LiteralExport {
  std::string name;  ///< `default` for the default export
  size_t value;      ///< an index into `values`
};

/// What a module exports, or why it is opaque: then only running it would tell.
struct LiteralModule {
  std::vector<std::string> values;     ///< JSON, compact; empty where opaque
  std::vector<LiteralExport> exports;  ///< in the order of the source; empty where opaque
  std::optional<LiteralFault> fault;   ///< the first thing that cannot be read
};

/// Reads a module whose statements are `export const name = literal`, `export default literal`,
/// `const` and `export { name }`, type-only imports, and declarations of types. Members keep their
/// order, numbers their digits; members that are `undefined` are left out. Anything else makes the
/// whole module opaque. Takes time in proportion to the source, apart from sorting names.
[[nodiscard]] LiteralModule read_literal_module(std::string_view source);

/// The JSON of the export `name`; null where there is none.
[[nodiscard]] const std::string* exported_value(const LiteralModule& module, std::string_view name);

}  // namespace slipway
