// The TypeScript files.
#include "app/control.hpp"
#include "app/operations.hpp"
#include "app/storage_names.hpp"
#include "base/text.hpp"
#include "emit.hpp"

namespace slipway::emit {
namespace {

std::string type_of(const Schema& schema) {
  if (!schema.name.empty()) return std::string(schema.name);
  switch (schema.kind) {
    case Kind::boolean:
      return "boolean";
    case Kind::integer:
      return "number";
    case Kind::text:
      return "string";
    case Kind::scalar:
      return "string | number | boolean";
    case Kind::raw:
      return "unknown";
    case Kind::optional:
      return concat(type_of(schema.element()), " | undefined");
    case Kind::list: {
      const std::string element = type_of(schema.element());
      const bool is_union = element.find('|') != std::string::npos;
      return is_union ? concat("readonly (", element, ")[]")
                      : concat("readonly ", element.starts_with("readonly") ? "(" : "", element,
                               element.starts_with("readonly") ? ")" : "", "[]");
    }
    case Kind::map:
      return concat("Readonly<Record<string, ", type_of(schema.element()), ">>");
    case Kind::one_of: {
      std::string out;
      for (const Alternative& alternative : schema.alternatives) {
        out.append(out.empty() ? "" : " | ")
            .append(concat("({ readonly type: '", alternative.name, "' } & ",
                           type_of(alternative.schema()), ")"));
      }
      return out;
    }
    case Kind::enumeration:
    case Kind::object:
      break;
  }
  return std::string(schema.name);
}

std::string quoted_union(const Schema& schema) {
  std::string out;
  for (const std::string_view name : schema.names) {
    out.append(out.empty() ? "'" : " | '").append(name).append("'");
  }
  return out;
}

std::string interface_of(const Schema& schema) {
  std::string out = concat("\n/** ", schema.doc, " */\nexport interface ", schema.name, " {\n");
  for (const FieldInfo& field : schema.fields) {
    const Schema* type = &field.schema();
    const bool optional = type->kind == Kind::optional;
    if (optional) type = &type->element();
    out.append(concat("  /** ", field.doc, " */\n  readonly ", field.name, optional ? "?: " : ": ",
                      type_of(*type), ";\n"));
  }
  return out.append("}\n");
}

std::string declaration(const Schema& schema) {
  switch (schema.kind) {
    case Kind::enumeration:
      return concat("\n/** One of these names. */\nexport type ", schema.name, " = ",
                    quoted_union(schema), ";\n");
    case Kind::text:
      return concat("\n/** A text: ", schema.rule, ". */\nexport type ", schema.name,
                    " = string;\n");
    default:
      return interface_of(schema);
  }
}

std::string declarations(const std::vector<SchemaRef>& roots) {
  std::string out;
  for (const Schema* schema : named_schemas(roots)) out.append(declaration(*schema));
  return out;
}

std::string operation_line(const OperationInfo& operation) {
  const std::string secret = operation.secret_prefix.empty()
                                 ? std::string()
                                 : concat(", secret_prefix: '", operation.secret_prefix, "'");
  const std::string bytes = to_text(operation.body == nullptr ? 0 : limits::body_bytes_max);
  return concat("  { name: '", operation.name, "', method: '", operation.method, "', path: '",
                operation.path, "', scope: '", name_of(operation.scope),
                "', body_bytes_max: ", bytes, secret, " },\n");
}

std::string storage_lists() {
  std::string out =
      "\n/** Tables of state rows, each `(id TEXT PRIMARY KEY, row TEXT)`. */\n"
      "export const tables = [\n";
  for (const TableInfo& table : storage_tables) {
    out.append(concat("  '", table.name, "', // ", table.doc, "\n"));
  }
  out.append(
      "] as const;\n/** One of these names. */\n"
      "export type Table = (typeof tables)[number];\n"
      "\n/** Named reads, each answering a JSON array; parameters in order. */\n"
      "export const queries = [\n");
  for (const QueryInfo& query : storage_queries) {
    out.append(concat("  '", query.name, "', // (", query.params, "): ", query.doc, "\n"));
  }
  return out.append(
      "] as const;\n/** One of these names. */\n"
      "export type Query = (typeof queries)[number];\n");
}

}  // namespace

std::string operations_ts() {
  std::string out = concat(
      "// Generated from src/app/operations.cpp and src/app/storage_names.hpp by bindings/types; "
      "do "
      "not edit.\n"
      "\n/** What a caller must be allowed to do. */\nexport type Scope = ",
      quoted_union(schema_of<Scope>()),
      ";\n"
      "\n/** One operation of the public API: what the shim needs to route it. */\n"
      "export interface Operation {\n"
      "  readonly name: string;\n"
      "  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';\n"
      "  /** Parameters stand in braces: `/api/v1/platforms/{platformId}`. */\n"
      "  readonly path: string;\n"
      "  readonly scope: Scope;\n"
      "  /** Largest request body in bytes; 0 where the operation takes none. */\n"
      "  readonly body_bytes_max: number;\n"
      "  /** How the fresh secret begins that the reply hands out; absent where it hands out none. "
      "*/\n"
      "  readonly secret_prefix?: string;\n"
      "}\n"
      "\n/** The operation list, in its order. */\n"
      "export const operations: readonly Operation[] = [\n");
  for (const OperationInfo& operation : operations()) out.append(operation_line(operation));
  return out.append("];\n").append(storage_lists());
}

std::string api_ts() {
  return concat(
      "// Generated from src/app/views.hpp and src/app/bodies.hpp by bindings/types; do not "
      "edit.\n",
      declarations(api_roots()));
}

std::string control_ts() {
  return concat("// Generated from src/app/control.hpp by bindings/types; do not edit.\n",
                declarations({&schema_of<InputFrame>, &schema_of<OutputFrame>}));
}

}  // namespace slipway::emit
