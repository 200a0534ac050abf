// The only file that knows simdjson.
#include "wire/json_read.hpp"

#include <simdjson.h>

#include <algorithm>
#include <utility>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace slipway {

namespace ondemand = simdjson::ondemand;

struct JsonReader::Buffers {
  ondemand::parser parser;
};

JsonReader::JsonReader() : buffers_(std::make_unique<Buffers>()) {}
JsonReader::~JsonReader() = default;

std::string pointer_to(std::string_view pointer, std::string_view name) {
  std::string out = concat(pointer, "/");
  for (const char c : name) {
    if (c == '~') {
      out.append("~0");
    } else if (c == '/') {
      out.append("~1");
    } else {
      out.push_back(c);
    }
  }
  return out;
}

namespace {

/// One reading: walks the document once, led by the schema.
class Walk {
 public:
  Walk(Strictness strictness, ReadOutcome& outcome) : strictness_(strictness), out_(outcome) {}

  /// False when the document turned out malformed: nothing after it can be read.
  bool value(const Schema& schema, ondemand::value& json, void* target, const std::string& at);
  bool fail(simdjson::error_code error) {
    out_.malformed = true;
    out_.problem = simdjson::error_message(error);
    return false;
  }
  void issue(const std::string& at, std::string_view code, std::string detail) {
    if (out_.issues.size() < limits::issues_max) {
      out_.issues.push_back({at, std::string(code), std::move(detail)});
    }
  }

 private:
  bool mistyped(const std::string& at, std::string_view expected) {
    issue(at, "field.type", concat("must be ", expected));
    return true;
  }
  bool text(const Schema&, ondemand::value&, void*, const std::string& at);
  bool integer(ondemand::value&, void*, const std::string& at);
  bool boolean(ondemand::value&, void*, const std::string& at);
  bool enumeration(const Schema&, ondemand::value&, void*, const std::string& at);
  bool scalar(ondemand::value&, void*, const std::string& at);
  bool number(ondemand::value&, NumberText&, const std::string& at);
  bool raw(ondemand::value&, void*);
  bool list(const Schema&, ondemand::value&, void*, const std::string& at);
  bool map(const Schema&, ondemand::value&, void*, const std::string& at);
  bool object(const Schema&, ondemand::value&, void*, const std::string& at);
  bool members(const Schema&, ondemand::object&, void*, const std::string& at, bool tagged);
  bool one_of(const Schema&, ondemand::value&, void*, const std::string& at);
  void missing(const Schema&, uint64_t seen, const std::string& at);

  Strictness strictness_;
  ReadOutcome& out_;
};

/// Whether `error` means "well-formed, but of another type".
bool is_type_error(simdjson::error_code error) { return error == simdjson::INCORRECT_TYPE; }

bool Walk::text(const Schema& schema, ondemand::value& json, void* target, const std::string& at) {
  std::string_view read;
  if (const auto error = json.get_string().get(read)) {
    return is_type_error(error) ? mistyped(at, "a string") : fail(error);
  }
  static_cast<std::string*>(target)->assign(read);
  if (schema.accepts != nullptr && !schema.accepts(read)) {
    issue(at, "field.value", concat("must be ", schema.rule));
  }
  return true;
}

std::string_view trimmed(std::string_view token) {
  const size_t end = token.find_last_not_of(" \t\r\n");
  return token.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

size_t digits_at(std::string_view text, size_t at) {
  size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - at;
}

/// Whether the token is a number by the grammar of JSON, however large.
bool is_number(std::string_view text) {
  size_t at = text.starts_with('-') ? 1 : 0;
  const size_t whole = digits_at(text, at);
  if (whole == 0 || (whole > 1 && text[at] == '0')) return false;
  at += whole;
  if (at < text.size() && text[at] == '.') {
    const size_t fraction = digits_at(text, ++at);
    if (fraction == 0) return false;
    at += fraction;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const size_t exponent = digits_at(text, at);
    if (exponent == 0) return false;
    at += exponent;
  }
  return at == text.size();
}

bool Walk::number(ondemand::value& json, NumberText& target, const std::string& at) {
  target.text.assign(trimmed(json.raw_json_token()));
  ondemand::number read;
  const auto error = json.get_number().get(read);
  if (error == simdjson::SUCCESS) return true;
  if (!is_number(target.text)) return fail(error);
  issue(at, "field.value", "must be a number that fits 64 bits");
  return true;
}

bool Walk::integer(ondemand::value& json, void* target, const std::string& at) {
  ondemand::json_type type;
  if (const auto error = json.type().get(type)) return fail(error);
  if (type != ondemand::json_type::number) return mistyped(at, "an integer");
  NumberText read;
  const size_t before = out_.issues.size();
  if (!number(json, read, at)) return false;
  if (out_.issues.size() > before) return true;
  const bool negative = read.text.starts_with('-');
  const auto magnitude = to_number(std::string_view(read.text).substr(negative ? 1 : 0));
  if (!magnitude) return mistyped(at, "an integer from -(2^53 - 1) to 2^53 - 1");
  *static_cast<int64_t*>(target) = negative ? -*magnitude : *magnitude;
  return true;
}

bool Walk::boolean(ondemand::value& json, void* target, const std::string& at) {
  bool read = false;
  if (const auto error = json.get_bool().get(read)) {
    return is_type_error(error) ? mistyped(at, "true or false") : fail(error);
  }
  *static_cast<bool*>(target) = read;
  return true;
}

bool Walk::enumeration(const Schema& schema, ondemand::value& json, void* target,
                       const std::string& at) {
  std::string_view read;
  if (const auto error = json.get_string().get(read)) {
    return is_type_error(error) ? mistyped(at, "a string") : fail(error);
  }
  const auto found = std::find(schema.names.begin(), schema.names.end(), read);
  if (found != schema.names.end()) {
    schema.set_enum(target, static_cast<size_t>(found - schema.names.begin()));
    return true;
  }
  std::string allowed;
  for (const std::string_view name : schema.names) {
    if (!allowed.empty()) allowed.append(", ");
    allowed.append(name);
  }
  issue(at, "field.value", concat("must be one of: ", allowed));
  return true;
}

bool Walk::scalar(ondemand::value& json, void* target, const std::string& at) {
  ondemand::json_type type;
  if (const auto error = json.type().get(type)) return fail(error);
  auto& scalar = *static_cast<Scalar*>(target);
  switch (type) {
    case ondemand::json_type::string:
      return text(schema_of<std::string>(), json, &scalar.emplace<std::string>(), at);
    case ondemand::json_type::number:
      return number(json, scalar.emplace<NumberText>(), at);
    case ondemand::json_type::boolean:
      return boolean(json, &scalar.emplace<bool>(), at);
    default:
      return mistyped(at, "a string, a number, true or false");
  }
}

bool Walk::raw(ondemand::value& json, void* target) {
  std::string_view read;
  if (const auto error = json.raw_json().get(read)) return fail(error);
  static_cast<Raw*>(target)->text.assign(trimmed(read));
  return true;
}

bool Walk::list(const Schema& schema, ondemand::value& json, void* target, const std::string& at) {
  ondemand::array array;
  if (const auto error = json.get_array().get(array)) {
    return is_type_error(error) ? mistyped(at, "an array") : fail(error);
  }
  int64_t index = 0;
  for (auto item : array) {
    ondemand::value element;
    if (const auto error = std::move(item).get(element)) return fail(error);
    const std::string below = concat(at, "/", to_text(index++));
    if (!value(schema.element(), element, schema.append(target), below)) return false;
  }
  return true;
}

bool Walk::map(const Schema& schema, ondemand::value& json, void* target, const std::string& at) {
  ondemand::object object;
  if (const auto error = json.get_object().get(object)) {
    return is_type_error(error) ? mistyped(at, "an object") : fail(error);
  }
  std::vector<std::string> names;
  for (auto item : object) {
    ondemand::field member;
    if (const auto error = std::move(item).get(member)) return fail(error);
    std::string_view key;
    if (const auto error = member.unescaped_key(false).get(key)) return fail(error);
    names.emplace_back(key);
    ondemand::value element = member.value();
    void* place = schema.append_key(target, key);
    if (!value(schema.element(), element, place, pointer_to(at, names.back()))) return false;
  }
  std::sort(names.begin(), names.end());
  for (auto it = names.begin(); (it = std::adjacent_find(it, names.end())) != names.end(); ++it) {
    issue(pointer_to(at, *it), "field.duplicate", "stands twice");
  }
  return true;
}

void Walk::missing(const Schema& schema, uint64_t seen, const std::string& at) {
  if (strictness_ == Strictness::lenient) return;
  for (size_t i = 0; i < schema.fields.size(); ++i) {
    const FieldInfo& field = schema.fields[i];
    if ((seen >> i & 1) != 0 || field.schema().kind == Kind::optional) continue;
    issue(pointer_to(at, field.name), "field.missing", "is required");
  }
}

bool is_null(ondemand::value& json) {
  bool null = false;
  return json.is_null().get(null) == simdjson::SUCCESS && null;
}

bool Walk::members(const Schema& schema, ondemand::object& object, void* target,
                   const std::string& at, bool tagged) {
  uint64_t seen = 0;
  for (auto item : object) {
    ondemand::field member;
    if (const auto error = std::move(item).get(member)) return fail(error);
    std::string_view key;
    if (const auto error = member.unescaped_key(false).get(key)) return fail(error);
    const std::string name(key);
    const auto found = std::find_if(schema.fields.begin(), schema.fields.end(),
                                    [&](const FieldInfo& f) { return f.name == name; });
    if (found == schema.fields.end()) {
      const bool tag = tagged && name == "type";
      if (strictness_ == Strictness::strict && !tag) {
        issue(pointer_to(at, name), "field.unknown", "is not a known field");
      }
      continue;
    }
    const auto bit = uint64_t{1} << static_cast<unsigned>(found - schema.fields.begin());
    if ((seen & bit) != 0) {
      issue(pointer_to(at, name), "field.duplicate", "stands twice");
      continue;
    }
    seen |= bit;
    ondemand::value json = member.value();
    if (strictness_ == Strictness::lenient && is_null(json)) continue;
    if (!value(found->schema(), json, found->write(target), pointer_to(at, name))) return false;
  }
  missing(schema, seen, at);
  return true;
}

bool Walk::object(const Schema& schema, ondemand::value& json, void* target,
                  const std::string& at) {
  ondemand::object object;
  if (const auto error = json.get_object().get(object)) {
    return is_type_error(error) ? mistyped(at, "an object") : fail(error);
  }
  return members(schema, object, target, at, false);
}

bool Walk::one_of(const Schema& schema, ondemand::value& json, void* target,
                  const std::string& at) {
  ondemand::object object;
  if (const auto error = json.get_object().get(object)) {
    return is_type_error(error) ? mistyped(at, "an object") : fail(error);
  }
  std::string_view type;
  if (const auto error = object.find_field_unordered("type").get_string().get(type)) {
    if (error != simdjson::NO_SUCH_FIELD && !is_type_error(error)) return fail(error);
    issue(pointer_to(at, "type"), "field.missing", "is required and a string");
    return true;
  }
  const std::string name(type);
  bool rest_is_empty = false;
  if (const auto error = object.reset().get(rest_is_empty)) return fail(error);
  for (const Alternative& alternative : schema.alternatives) {
    if (alternative.name != name) continue;
    return members(alternative.schema(), object, alternative.emplace(target), at, true);
  }
  issue(pointer_to(at, "type"), "field.value", "is not a known type");
  return true;
}

bool Walk::value(const Schema& schema, ondemand::value& json, void* target, const std::string& at) {
  switch (schema.kind) {
    case Kind::boolean:
      return boolean(json, target, at);
    case Kind::integer:
      return integer(json, target, at);
    case Kind::text:
      return text(schema, json, target, at);
    case Kind::enumeration:
      return enumeration(schema, json, target, at);
    case Kind::scalar:
      return scalar(json, target, at);
    case Kind::raw:
      return raw(json, target);
    case Kind::optional:
      return value(schema.element(), json, schema.append(target), at);
    case Kind::list:
      return list(schema, json, target, at);
    case Kind::map:
      return map(schema, json, target, at);
    case Kind::object:
      return object(schema, json, target, at);
    case Kind::one_of:
      return one_of(schema, json, target, at);
  }
  return true;
}

/// What is wrong, as JSON, with a document that is neither an object nor an array.
simdjson::error_code scalar_error(ondemand::document& document) {
  ondemand::json_type type;
  if (const auto error = document.type().get(type)) return error;
  switch (type) {
    case ondemand::json_type::string:
      return document.get_string().error();
    case ondemand::json_type::boolean:
      return document.get_bool().error();
    case ondemand::json_type::null: {
      bool null = false;
      const auto error = document.is_null().get(null);
      return null ? error : simdjson::N_ATOM_ERROR;
    }
    case ondemand::json_type::number:
      return document.get_number().error();
    default:
      return simdjson::TAPE_ERROR;
  }
}

}  // namespace

ReadOutcome JsonReader::read_document(PaddedView document, Strictness strictness,
                                      const Schema& schema, void* out) {
  ReadOutcome outcome;
  Walk walk(strictness, outcome);
  const std::string_view text = document.text;
  ondemand::document parsed;
  if (const auto error =
          buffers_->parser.iterate(text.data(), text.size(), text.size() + json_padding)
              .get(parsed)) {
    walk.fail(error);
    return outcome;
  }
  ondemand::value root;
  if (const auto error = parsed.get_value().get(root)) {
    const bool scalar = error == simdjson::SCALAR_DOCUMENT_AS_VALUE;
    if (const auto damage = scalar ? scalar_error(parsed) : error) {
      walk.fail(damage);
    } else {
      walk.issue("", "field.type", "must be an object");
    }
    return outcome;
  }
  const bool walked = walk.value(schema, root, out, "");
  if (walked && outcome.issues.empty() && !parsed.at_end()) {
    walk.fail(simdjson::TRAILING_CONTENT);
  }
  return outcome;
}

}  // namespace slipway
