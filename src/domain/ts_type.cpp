#include "domain/ts_type.hpp"

#include <algorithm>
#include <iterator>

namespace slipway {
namespace {

constexpr std::string_view prefixes[] = {"keyof", "typeof", "readonly", "unique", "infer", "new"};

/// Types by keyword: type arguments cannot follow them.
constexpr std::string_view keyword_types[] = {"any",    "unknown", "string", "number",    "boolean",
                                              "symbol", "bigint",  "null",   "undefined", "void",
                                              "never",  "object",  "this",   "true",      "false"};

template <size_t Size>
bool is_one_of(const TsScanner& in, const std::string_view (&words)[Size]) {
  return in.is(TsKind::word) &&
         std::find(std::begin(words), std::end(words), in.token().source) != std::end(words);
}

/// What an operand of a type was: decides what may follow it.
enum class Operand : uint8_t { none, plain, reference, parameters };

/// `a.b.c`, or `import("m").a`.
Operand skip_reference(TsScanner& in) {
  const bool from_module = in.is_word("import");
  in.advance();
  if (from_module && !(in.is_mark("(") && skip_brackets(in))) return Operand::none;
  while (in.take_mark(".")) {
    if (!in.is(TsKind::word)) return Operand::none;
    in.advance();
  }
  return Operand::reference;
}

Operand skip_operand(TsScanner& in) {
  while (in.is_mark("|") || in.is_mark("&")) in.advance();
  while (is_one_of(in, prefixes)) in.advance();
  if (in.is_mark("<") && !skip_brackets(in)) return Operand::none;
  if (in.is_mark("(")) return skip_brackets(in) ? Operand::parameters : Operand::none;
  if (in.is_mark("{") || in.is_mark("[")) {
    return skip_brackets(in) ? Operand::plain : Operand::none;
  }
  if (in.take_mark("-") && !in.is(TsKind::number)) return Operand::none;
  const bool keyword = is_one_of(in, keyword_types);
  if (in.is(TsKind::word) && !keyword) return skip_reference(in);
  if (!keyword && !in.is(TsKind::text) && !in.is(TsKind::number) && !in.is(TsKind::stencil)) {
    return Operand::none;
  }
  in.advance();
  return Operand::plain;
}

/// Type arguments and array brackets after an operand.
bool skip_suffixes(TsScanner& in, Operand operand) {
  if (operand == Operand::reference && in.is_mark("<") && !in.token().line_before) {
    if (!skip_brackets(in)) return false;
  }
  while (in.is_mark("[") && !in.token().line_before) {
    if (!skip_brackets(in)) return false;
  }
  return true;
}

}  // namespace

bool skip_brackets(TsScanner& in) {
  constexpr std::string_view openers = "{[(<";
  constexpr std::string_view closers = "}])>";
  std::string open;
  do {
    const std::string_view source = in.token().source;
    if (in.is(TsKind::end) || in.is(TsKind::unread)) return in.fail_here("a closing bracket");
    const bool single = in.is(TsKind::mark) && source.size() == 1;
    const size_t opener = single ? openers.find(source) : std::string_view::npos;
    const bool closes = single && closers.find(source) != std::string_view::npos;
    if (opener != std::string_view::npos) open.push_back(closers[opener]);
    if (closes) {
      if (open.empty() || open.back() != source[0]) return in.fail_here("the partner of a bracket");
      open.pop_back();
    }
    in.advance();
  } while (!open.empty());
  return true;
}

bool skip_type(TsScanner& in) {
  size_t questions = 0;  // of conditional types that have begun
  size_t colons = 0;
  for (;;) {
    const Operand operand = skip_operand(in);
    if (operand == Operand::none || !skip_suffixes(in, operand)) return in.fail_here("a type");
    const bool arrow = operand == Operand::parameters && in.is_mark("=>");
    if (arrow || in.is_mark("|") || in.is_mark("&")) {
      in.advance();
    } else if (in.is_word("extends") && !in.token().line_before) {
      in.advance();
      ++questions;
    } else if (questions > 0 && in.is_mark("?")) {
      in.advance();
      --questions;
      ++colons;
    } else if (colons > 0 && in.is_mark(":")) {
      in.advance();
      --colons;
    } else {
      return questions + colons == 0 || in.fail_here("the rest of a conditional type");
    }
  }
}

}  // namespace slipway
