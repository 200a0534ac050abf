#include "domain/ts_value.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "domain/ts_type.hpp"
#include "wire/json_write.hpp"

namespace slipway {
namespace {

/// What came of reading a value.
enum class Read : uint8_t { failed, value, undefined };

/// Reads one value; nested ones by recursion, which `literal_depth_max` bounds.
class ValueReader {
 public:
  ValueReader(TsScanner& in, std::string& json) : in_(in), json_(json) {}

  Read value();

 private:
  Read operand();
  Read word();
  Read leaf();
  Read negative();
  Read frozen();
  Read parenthesised(bool call);
  Read list();
  Read object();
  bool member(std::set<std::string, std::less<>>& names);
  bool name(std::string& out);
  bool computed_name(std::string& out);
  bool fail_at_name();
  bool fail_after_name(const TsToken& name);
  bool enter();
  Read fail(LiteralCode code, std::string detail) {
    in_.fail(code, in_.token().at, std::move(detail));
    return Read::failed;
  }
  Read take(std::string_view text) {
    json_.append(text);
    in_.advance();
    return Read::value;
  }

  TsScanner& in_;
  std::string& json_;
  size_t depth_ = 0;
};

Read ValueReader::value() {
  const Read read = operand();
  return read != Read::failed && skip_assertions(in_) ? read : Read::failed;
}

Read ValueReader::operand() {
  switch (in_.token().kind) {
    case TsKind::text:
    case TsKind::stencil:
    case TsKind::number:
      return leaf();
    case TsKind::word:
      return word();
    default:
      if (in_.is_mark("{")) return object();
      if (in_.is_mark("[")) return list();
      if (in_.is_mark("(")) return parenthesised(false);
      if (in_.is_mark("-")) return negative();
      fail_at_value(in_);
      return Read::failed;
  }
}

Read ValueReader::leaf() {
  if (in_.is(TsKind::number)) return take(in_.token().value);
  append_json_string(json_, in_.token().value);
  return take("");
}

Read ValueReader::negative() {
  in_.advance();
  if (!in_.is(TsKind::number)) {
    return fail(LiteralCode::operator_, "a minus stands before this; only numbers take one");
  }
  json_.push_back('-');
  return take(in_.token().value);
}

Read ValueReader::word() {
  const std::string_view word = in_.token().source;
  if (word == "true" || word == "false" || word == "null") return take(word);
  if (word == "undefined") {
    in_.advance();
    return Read::undefined;
  }
  if (word == "Object") return frozen();
  fail_at_value(in_);
  return Read::failed;
}

/// `Object.freeze(value)`, whose value is its argument.
Read ValueReader::frozen() {
  const size_t at = in_.token().at;
  in_.advance();
  const bool freezes = in_.take_mark(".") && in_.is_word("freeze");
  if (freezes) in_.advance();
  if (!freezes || !in_.is_mark("(")) {
    in_.fail(LiteralCode::call, at, "of `Object` only `Object.freeze(...)` of a literal is read");
    return Read::failed;
  }
  return parenthesised(true);
}

/// A value in parentheses; after the argument of a call a comma may stand.
Read ValueReader::parenthesised(bool call) {
  if (!enter()) return Read::failed;
  const Read read = value();
  if (read == Read::failed) return read;
  if (call) in_.take_mark(",");
  if (!in_.take_mark(")")) {
    fail_after_value(in_, "`)`");
    return Read::failed;
  }
  --depth_;
  return read;
}

/// Goes past an opening bracket.
bool ValueReader::enter() {
  if (++depth_ > literal_depth_max) {
    fail(LiteralCode::depth, "this is nested deeper than 32 brackets");
    return false;
  }
  in_.advance();
  return true;
}

Read ValueReader::list() {
  if (!enter()) return Read::failed;
  json_.push_back('[');
  for (bool first = true; !in_.is_mark("]"); first = false) {
    if (!first) json_.push_back(',');
    const size_t at = in_.token().at;
    const bool hole = in_.is_mark(",");
    const Read read = hole ? Read::undefined : value();
    if (read == Read::failed) return read;
    if (read == Read::undefined) {
      in_.fail(LiteralCode::no_value, at,
               "an array element without a value has no form in JSON; `null` would be readable");
      return Read::failed;
    }
    if (in_.take_mark(",") || in_.is_mark("]")) continue;
    fail_after_value(in_, "`,` or `]`");
    return Read::failed;
  }
  --depth_;
  return take("]");
}

Read ValueReader::object() {
  if (!enter()) return Read::failed;
  json_.push_back('{');
  std::set<std::string, std::less<>> names;
  while (!in_.is_mark("}")) {
    if (!member(names)) return Read::failed;
    if (in_.take_mark(",") || in_.is_mark("}")) continue;
    fail_after_value(in_, "`,` or `}`");
    return Read::failed;
  }
  --depth_;
  return take("}");
}

/// Appends one member; one whose value is undefined is left out, as JSON.stringify does.
bool ValueReader::member(std::set<std::string, std::less<>>& names) {
  const size_t at = in_.token().at;
  const size_t size_before = json_.size();
  std::string key;
  if (!name(key)) return false;
  const auto [place, fresh] = names.insert(std::move(key));
  if (!fresh) {
    return in_.fail(LiteralCode::duplicate, at, "this name stands twice in the object");
  }
  if (json_.back() != '{') json_.push_back(',');
  append_json_string(json_, *place);
  json_.push_back(':');
  const Read read = value();
  if (read == Read::undefined) json_.resize(size_before);
  return read != Read::failed;
}

/// Reads a member's name and the colon after it.
bool ValueReader::name(std::string& out) {
  if (in_.is_mark("[")) return computed_name(out);
  const TsToken token = in_.token();
  const bool word = token.kind == TsKind::word;
  const bool integer =
      token.kind == TsKind::number && std::all_of(token.value.begin(), token.value.end(), is_digit);
  if (!word && !integer && token.kind != TsKind::text) return fail_at_name();
  in_.advance();
  if (!in_.is_mark(":")) return fail_after_name(token);
  out = word ? std::string(token.source) : token.value;
  if (out == "__proto__") {
    return in_.fail(LiteralCode::prototype, token.at,
                    "this form sets the prototype; [\"__proto__\"]: would name a member");
  }
  in_.advance();
  return true;
}

bool ValueReader::fail_after_name(const TsToken& name) {
  const bool ends = in_.is_mark(",") || in_.is_mark("}");
  if (name.kind == TsKind::word && ends) {
    return in_.fail(LiteralCode::identifier, name.at,
                    concat(quoted(name), " alone takes its value from elsewhere; write the value"));
  }
  const bool marks = in_.is_mark("(") || in_.is_mark("<") || in_.is_mark("[") || in_.is_mark("*");
  if (marks || in_.is(TsKind::word) || in_.is(TsKind::text) || in_.is(TsKind::number)) {
    return in_.fail(LiteralCode::function, name.at,
                    concat(quoted(name), " begins a method or accessor, which is no literal"));
  }
  return in_.fail_here("`:` and a value");
}

/// `["name"]`, as the name that would set the prototype has to be written.
bool ValueReader::computed_name(std::string& out) {
  in_.advance();
  const bool text = in_.is(TsKind::text) || in_.is(TsKind::stencil);
  const size_t at = in_.token().at;
  if (text) {
    out = in_.token().value;
    in_.advance();
  }
  if (!text || !in_.take_mark("]")) {
    return in_.fail(LiteralCode::computed_name, at,
                    "this name is computed; in brackets only a string is readable");
  }
  return in_.take_mark(":") || in_.fail_here("`:` and a value");
}

bool ValueReader::fail_at_name() {
  const TsToken& token = in_.token();
  if (in_.is_mark("...")) {
    return in_.fail(LiteralCode::spread, token.at,
                    "`...` takes members from elsewhere; the members themselves would be readable");
  }
  if (in_.is_mark("*")) {
    return in_.fail(LiteralCode::function, token.at,
                    "`*` begins a generator; name: literal would be readable");
  }
  if (in_.is(TsKind::number)) {
    return in_.fail(LiteralCode::number, token.at,
                    "of numbers only integers are readable as names; quote this one");
  }
  return in_.fail_here("a member's name or `}`");
}

constexpr std::string_view function_words[] = {"function", "async", "class"};

bool is_function_word(std::string_view word) {
  return std::find(std::begin(function_words), std::end(function_words), word) !=
         std::end(function_words);
}

/// Notes why a name cannot be a value: what follows it says what it is.
bool fail_at_name_value(TsScanner& in) {
  const size_t at = in.token().at;
  const std::string_view first = in.token().source;
  if (is_function_word(first)) {
    return in.fail(LiteralCode::function, at, "a function or class is no literal value");
  }
  if (first == "NaN" || first == "Infinity") {
    return in.fail(LiteralCode::number, at,
                   concat("`", first, "` has no form in JSON; `null` would be readable"));
  }
  if (first == "new" || first == "await" || first == "typeof" || first == "void") {
    return in.fail(LiteralCode::call, at,
                   concat("`", first, "` computes a value; write the value"));
  }
  std::string path(quoted(in.token()));
  in.advance();
  while (in.take_mark(".") || in.take_mark("?.")) {
    if (!in.is(TsKind::word)) break;
    path.pop_back();
    path.append(".").append(quoted(in.token()).substr(1));
    in.advance();
  }
  constexpr size_t path_bytes_max = 120;
  path = std::string(head(path, path_bytes_max));
  if (in.is_mark("=>")) {
    return in.fail(LiteralCode::function, at, "a function is no literal value");
  }
  if (in.is_mark("(") || in.is(TsKind::stencil)) {
    return in.fail(LiteralCode::call, at,
                   concat(path, " is called when the module runs; write the value it returns"));
  }
  return in.fail(LiteralCode::identifier, at,
                 concat(path, " gets its value when the module runs; write the value itself"));
}

}  // namespace

bool read_value(TsScanner& in, std::string& json) {
  const size_t at = in.token().at;
  switch (ValueReader(in, json).value()) {
    case Read::failed:
      return false;
    case Read::undefined:
      return in.fail(LiteralCode::no_value, at, "`undefined` has no form in JSON");
    case Read::value:
      return true;
  }
  __builtin_unreachable();
}

bool skip_assertions(TsScanner& in) {
  while ((in.is_word("as") || in.is_word("satisfies")) && !in.token().line_before) {
    const bool as = in.is_word("as");
    in.advance();
    if (as && in.is_word("const")) {
      in.advance();
    } else if (!skip_type(in)) {
      return false;
    }
  }
  return true;
}

bool fail_at_value(TsScanner& in) {
  const size_t at = in.token().at;
  if (in.is(TsKind::word)) return fail_at_name_value(in);
  if (in.is_mark("...")) {
    return in.fail(LiteralCode::spread, at,
                   "`...` takes elements from elsewhere; the elements would be readable");
  }
  if (in.is_mark("/")) {
    return in.fail(LiteralCode::regexp, at,
                   "a regular expression has no form in JSON; a string would be readable");
  }
  if (in.is_mark(")")) {
    return in.fail(LiteralCode::function, at, "a function, or nothing, stands in parentheses");
  }
  for (const std::string_view mark : {"+", "!", "~", "++", "--"}) {
    if (in.is_mark(mark)) {
      return in.fail(LiteralCode::operator_, at,
                     concat("`", mark, "` computes a value; write the value itself"));
    }
  }
  return in.fail_here("a literal value");
}

bool fail_after_value(TsScanner& in, std::string_view expected) {
  const size_t at = in.token().at;
  if (in.is_mark("(") || in.is(TsKind::stencil)) {
    return in.fail(LiteralCode::call, at, "what stands before this is called; write the value");
  }
  constexpr std::string_view closing = "{}]):;,";
  const bool closes = in.is(TsKind::mark) && closing.find(in.token().source) != std::string::npos;
  if ((in.is(TsKind::mark) && !closes) || in.is_word("in") || in.is_word("instanceof")) {
    return in.fail(LiteralCode::operator_, at,
                   concat(quoted(in.token()),
                          " computes with the value before it; write the value "
                          "itself"));
  }
  return in.fail_here(expected);
}

}  // namespace slipway
