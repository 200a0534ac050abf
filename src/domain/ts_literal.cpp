#include "domain/ts_literal.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "domain/ts_scan.hpp"
#include "domain/ts_text.hpp"
#include "domain/ts_type.hpp"
#include "domain/ts_value.hpp"

namespace slipway {
namespace {

/// Reads one module, statement by statement. Every method stands on the first token of what it
/// reads, and returns false once the module is known to be opaque.
class ModuleReader {
 public:
  ModuleReader(std::string_view source, LiteralModule& out) : in_(source), out_(out) {}

  bool read();
  [[nodiscard]] LiteralProblem problem() const {
    return in_.problem().value_or(LiteralProblem{LiteralCode::syntax, 0, "this is not readable"});
  }

 private:
  /// `export { local as exported }`, for which `local` may be declared later.
  struct Reference {
    std::string local;
    std::string exported;
    size_t at;
  };

  bool statement();
  bool import();
  bool import_names();
  bool export_statement();
  bool export_default();
  bool export_list();
  bool export_specifier();
  bool constants(bool exported);
  bool constant(bool exported);
  bool type_alias(bool exported);
  bool interface();
  bool type_list();
  bool end_statement();
  bool bind_exports();
  bool add_export(std::string name, size_t value, size_t at);
  bool word_follows(std::string_view what);
  bool fail_statement();

  TsScanner in_;
  LiteralModule& out_;
  std::map<std::string, size_t, std::less<>> constants_;  ///< to their value's index
  std::set<std::string, std::less<>> types_;
  std::set<std::string, std::less<>> exported_;
  std::vector<Reference> references_;
};

bool ModuleReader::read() {
  while (!in_.is(TsKind::end)) {
    if (!statement()) return false;
  }
  return bind_exports();
}

bool ModuleReader::statement() {
  if (in_.take_mark(";")) return true;
  if (in_.is_word("import")) return import();
  if (in_.is_word("export")) return export_statement();
  if (in_.is_word("const")) return constants(false);
  if (in_.is_word("type")) return type_alias(false);
  if (in_.is_word("interface")) return interface();
  return fail_statement();
}

bool ModuleReader::fail_statement() {
  const TsToken& token = in_.token();
  if (token.kind == TsKind::unread) return false;
  if (in_.is_word("let") || in_.is_word("var")) {
    return in_.fail(LiteralCode::statement, token.at,
                    concat(quoted(token), " declares what may change; write `const`"));
  }
  return in_.fail(LiteralCode::statement, token.at,
                  concat(quoted(token),
                         " begins a statement that does something; only constants, "
                         "exports of them and types are readable"));
}

/// The end of a statement: `;`, or a line end where the next token cannot continue it.
bool ModuleReader::end_statement() {
  if (in_.take_mark(";") || in_.is(TsKind::end)) return true;
  if (in_.is(TsKind::word) && in_.token().line_before) return true;
  return fail_after_value(in_, "`;` or the end of the line");
}

/// Goes past a keyword that only means something before a name on the same line.
bool ModuleReader::word_follows(std::string_view what) {
  const TsToken keyword = in_.token();
  in_.advance();
  if (in_.is(TsKind::word) && !in_.token().line_before) return true;
  if (in_.is(TsKind::word)) {
    return in_.fail(LiteralCode::statement, keyword.at, concat(what, " stands alone on its line"));
  }
  return in_.fail_here("a name");
}

/// `import type ... from "module"`: no code of the module runs.
bool ModuleReader::import() {
  const size_t at = in_.token().at;
  in_.advance();
  bool names_only = false;
  if (in_.is_word("type")) {
    in_.advance();
    names_only = !in_.is_mark(",") && !in_.is_word("from");
    bool from = false;
    while (names_only && !(from && in_.is(TsKind::text))) {
      from = in_.is_word("from");
      const bool part = in_.is(TsKind::word) || in_.is(TsKind::text) || in_.is_mark("{") ||
                        in_.is_mark("}") || in_.is_mark(",") || in_.is_mark("*");
      if (!part) return in_.fail_here("the rest of a type-only import");
      in_.advance();
    }
  } else if (in_.is_mark("{")) {
    names_only = import_names();
  }
  if (!names_only) {
    return in_.fail(LiteralCode::import_, at,
                    "this imports values; only `import type` is readable");
  }
  in_.advance();
  return end_statement();
}

/// `{ type A, type B as C } from`, up to the module's name.
bool ModuleReader::import_names() {
  in_.advance();
  bool any = false;
  while (!in_.take_mark("}")) {
    if (!in_.is_word("type")) return false;
    in_.advance();
    if (!in_.is(TsKind::word) || in_.is_word("as")) return false;
    in_.advance();
    if (in_.is_word("as")) {
      in_.advance();
      if (!in_.is(TsKind::word)) return false;
      in_.advance();
    }
    any = true;
    if (!in_.take_mark(",") && !in_.is_mark("}")) return false;
  }
  if (!any || !in_.is_word("from")) return false;
  in_.advance();
  return in_.is(TsKind::text);
}

bool ModuleReader::export_statement() {
  const size_t at = in_.token().at;
  in_.advance();
  if (in_.is_word("const")) return constants(true);
  if (in_.is_word("default")) return export_default();
  if (in_.is_word("interface")) return interface();
  if (in_.is_word("type")) return type_alias(true);
  if (in_.is_mark("{")) return export_list();
  if (in_.is_mark("*")) {
    return in_.fail(LiteralCode::import_, at,
                    "this exports what another module holds; write the values here");
  }
  return fail_statement();
}

/// `const a: T = literal, b = literal;`
bool ModuleReader::constants(bool exported) {
  do {
    in_.advance();
    if (!constant(exported)) return false;
  } while (in_.is_mark(","));
  return end_statement();
}

bool ModuleReader::constant(bool exported) {
  const size_t at = in_.token().at;
  const std::string name(in_.token().source);
  if (in_.is_mark("{") || in_.is_mark("[") || name == "enum") return fail_statement();
  if (!in_.is(TsKind::word)) return in_.fail_here("a name");
  if (name == "Object" || name == "undefined") {
    return in_.fail(LiteralCode::statement, at,
                    concat("`", name, "` gets another meaning here; choose another name"));
  }
  if (constants_.contains(name)) {
    return in_.fail(LiteralCode::duplicate, at, concat("`", name, "` is declared twice"));
  }
  in_.advance();
  if (in_.take_mark(":") && !skip_type(in_)) return false;
  if (!in_.take_mark("=")) return in_.fail_here("`=` and a literal value");
  std::string json;
  if (!read_value(in_, json)) return false;
  const size_t value = out_.values.size();
  out_.values.push_back(std::move(json));
  constants_.emplace(name, value);
  return !exported || add_export(name, value, at);
}

/// `export default literal`, or of a constant that is declared above.
bool ModuleReader::export_default() {
  const size_t at = in_.token().at;
  in_.advance();
  const auto known = in_.is(TsKind::word) ? constants_.find(in_.token().source) : constants_.end();
  size_t value = out_.values.size();
  if (known != constants_.end()) {
    value = known->second;
    in_.advance();
    if (!skip_assertions(in_)) return false;
  } else {
    std::string json;
    if (!read_value(in_, json)) return false;
    out_.values.push_back(std::move(json));
  }
  return add_export("default", value, at) && end_statement();
}

/// `export { a, b as c, type T };`
bool ModuleReader::export_list() {
  const size_t at = in_.token().at;
  in_.advance();
  while (!in_.take_mark("}")) {
    if (!export_specifier()) return false;
    if (!in_.take_mark(",") && !in_.is_mark("}")) return in_.fail_here("`,` or `}`");
  }
  if (in_.is_word("from")) {
    return in_.fail(LiteralCode::import_, at,
                    "this exports what another module holds; write the values here");
  }
  return end_statement();
}

bool ModuleReader::export_specifier() {
  const size_t at = in_.token().at;
  std::string local(in_.token().source);
  if (!in_.is(TsKind::word)) return in_.fail_here("a name");
  in_.advance();
  const bool type = local == "type" && in_.is(TsKind::word) && !in_.is_word("as");
  if (type) in_.advance();
  std::string exported = local;
  if (in_.is_word("as")) {
    in_.advance();
    if (!in_.is(TsKind::word)) return in_.fail_here("a name");
    exported = in_.token().source;
    in_.advance();
  }
  if (!type) references_.push_back({std::move(local), std::move(exported), at});
  return true;
}

bool ModuleReader::bind_exports() {
  for (Reference& reference : references_) {
    const auto known = constants_.find(reference.local);
    if (known != constants_.end()) {
      if (!add_export(std::move(reference.exported), known->second, reference.at)) return false;
    } else if (!types_.contains(reference.local)) {
      return in_.fail(LiteralCode::identifier, reference.at,
                      concat("`", reference.local, "` is no constant of this module"));
    }
  }
  return true;
}

bool ModuleReader::add_export(std::string name, size_t value, size_t at) {
  if (!exported_.insert(name).second) {
    return in_.fail(LiteralCode::duplicate, at, concat("`", name, "` is exported twice"));
  }
  out_.exports.push_back({std::move(name), value});
  return true;
}

/// `type Name<T> = type;`, or after `export` also `type { A, B } from "module";`
bool ModuleReader::type_alias(bool exported) {
  const TsToken keyword = in_.token();
  in_.advance();
  if (exported && in_.is_mark("{")) return type_list();
  if (!in_.is(TsKind::word) || in_.token().line_before) {
    return in_.fail(LiteralCode::statement, keyword.at, "`type` stands here without a name");
  }
  types_.emplace(in_.token().source);
  in_.advance();
  if (in_.is_mark("<") && !skip_brackets(in_)) return false;
  if (!in_.take_mark("=")) return in_.fail_here("`=` and a type");
  return skip_type(in_) && end_statement();
}

bool ModuleReader::type_list() {
  if (!skip_brackets(in_)) return false;
  if (!in_.is_word("from")) return end_statement();
  in_.advance();
  if (!in_.is(TsKind::text)) return in_.fail_here("the name of a module");
  in_.advance();
  return end_statement();
}

/// `interface Name<T> extends A<T>, B { ... }`
bool ModuleReader::interface() {
  if (!word_follows("`interface`")) return false;
  types_.emplace(in_.token().source);
  while (!in_.is_mark("{")) {
    const bool part = in_.is(TsKind::word) || in_.is_mark(".") || in_.is_mark(",");
    if (!part && !in_.is_mark("<")) return in_.fail_here("the rest of an interface");
    if (part) {
      in_.advance();
    } else if (!skip_brackets(in_)) {
      return false;
    }
  }
  return skip_brackets(in_);
}

LiteralFault located(std::string_view source, LiteralProblem problem) {
  size_t line = 1;
  size_t column = 1;
  for (size_t i = 0; i < problem.at; ++i) {
    const char c = source[i];
    if (c == '\n' || (c == '\r' && !source.substr(i + 1).starts_with('\n'))) {
      ++line;
      column = 1;
    } else if (c != '\r' && (static_cast<unsigned char>(c) & 0xC0) != 0x80) {
      ++column;
    }
  }
  return {problem.code, line, column, std::move(problem.detail)};
}

}  // namespace

LiteralModule read_literal_module(std::string_view source) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  LiteralModule module;
  std::optional<LiteralProblem> problem;
  if (source.size() > literal_source_bytes_max) {
    problem = {LiteralCode::too_large, 0, "the file is larger than 1 MiB"};
  } else if (source.starts_with(byte_order_mark)) {
    source.remove_prefix(byte_order_mark.size());
  }
  if (const size_t valid = problem ? source.size() : utf8_prefix(source); valid < source.size()) {
    problem = {LiteralCode::encoding, valid, "bytes that are not UTF-8 stand here"};
  }
  if (!problem) {
    ModuleReader reader(source, module);
    if (!reader.read()) problem = reader.problem();
  }
  if (problem) return {{}, {}, located(source, std::move(*problem))};
  return module;
}

const std::string* exported_value(const LiteralModule& module, std::string_view name) {
  const auto found = std::find_if(module.exports.begin(), module.exports.end(),
                                  [&](const LiteralExport& one) { return one.name == name; });
  return found == module.exports.end() ? nullptr : &module.values[found->value];
}

}  // namespace slipway
