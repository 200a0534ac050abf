// The only file that knows simdjson.
#include "wire/json_read.hpp"

#include <simdjson.h>

#include <algorithm>
#include <utility>

#include "base/limits.hpp"
#include "base/nearest.hpp"
#include "base/text.hpp"
#include "wire/json_fault.hpp"
#include "wire/repeated_names.hpp"

namespace slipway {

namespace ondemand = simdjson::ondemand;

struct JsonReader::Buffers {
  ondemand::parser parser;
};

JsonReader::JsonReader() : buffers_(std::make_unique<Buffers>()) {}
JsonReader::~JsonReader() = default;

namespace {

/// One reading: walks the document once, led by the schema.
class Walk {
 public:
  Walk(Strictness strictness, ReadOutcome& outcome) : strictness_(strictness), out_(outcome) {}

  /// False when the document turned out malformed: nothing after it can be read.
  bool value(const Schema& schema, ondemand::value json, void* target, const Place& at);
  /// Which error the library names depends on its kernel: json_fault says what is wrong.
  bool malformed() {
    out_.malformed = true;
    return false;
  }
  void issue(const Place& at, std::string_view code, std::string detail,
             std::optional<std::string> suggestion = {}) {
    if (out_.issues.size() < limits::issues_max) {
      out_.issues.push_back(
          {at.pointer(), std::string(code), std::move(detail), std::move(suggestion)});
    }
  }

 private:
  bool mistyped(const Place& at, std::string_view expected) {
    issue(at, "field.type", concat("must be ", expected));
    return true;
  }
  bool not_exact(const Place& at) {
    return mistyped(at, "an integer from -(2^53 - 1) to 2^53 - 1");
  }
  bool text(const Schema&, ondemand::value, void*, const Place& at);
  bool integer(ondemand::value, void*, const Place& at);
  bool boolean(ondemand::value, void*, const Place& at);
  bool enumeration(const Schema&, ondemand::value, void*, const Place& at);
  bool scalar(ondemand::value, void*, const Place& at);
  bool number(ondemand::value, std::string&, const Place& at);
  bool raw(ondemand::value, void*);
  bool list(const Schema&, ondemand::value, void*, const Place& at);
  bool map(const Schema&, ondemand::value, void*, const Place& at);
  bool object(const Schema&, ondemand::value, void*, const Place& at);
  bool members(const Schema&, ondemand::object&, void*, const Place& at, bool tagged);
  bool one_of(const Schema&, ondemand::value, void*, const Place& at);
  void unknown(const Schema&, std::string_view name, const Place& at);
  void missing(const Schema&, uint64_t seen, uint64_t nulls, const Place& at);

  Strictness strictness_;
  ReadOutcome& out_;
  Suggestions suggestions_;
};

/// Whether `error` means "well-formed, but of another type".
bool is_type_error(simdjson::error_code error) { return error == simdjson::INCORRECT_TYPE; }

bool Walk::text(const Schema& schema, ondemand::value json, void* target, const Place& at) {
  std::string_view read;
  if (const auto error = json.get_string().get(read)) {
    return is_type_error(error) ? mistyped(at, "a string") : malformed();
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

bool Walk::number(ondemand::value json, std::string& target, const Place& at) {
  target.assign(trimmed(json.raw_json_token()));
  ondemand::number read;
  const auto error = json.get_number().get(read);
  if (error == simdjson::SUCCESS) return true;
  if (!is_json_number(target)) return malformed();
  issue(at, "field.value", "must be a number that fits 64 bits");
  return true;
}

bool Walk::integer(ondemand::value json, void* target, const Place& at) {
  ondemand::json_type type;
  if (json.type().get(type)) return malformed();
  if (type != ondemand::json_type::number) return mistyped(at, "an integer");
  int64_t plain = 0;
  if (json.get_int64().get(plain) == simdjson::SUCCESS) {
    if (plain < -limits::integer_max || plain > limits::integer_max) return not_exact(at);
    *static_cast<int64_t*>(target) = plain;
    return true;
  }
  std::string read;
  const size_t before = out_.issues.size();
  if (!number(json, read, at)) return false;
  return out_.issues.size() > before || not_exact(at);
}

bool Walk::boolean(ondemand::value json, void* target, const Place& at) {
  bool read = false;
  if (const auto error = json.get_bool().get(read)) {
    return is_type_error(error) ? mistyped(at, "true or false") : malformed();
  }
  *static_cast<bool*>(target) = read;
  return true;
}

bool Walk::enumeration(const Schema& schema, ondemand::value json, void* target, const Place& at) {
  std::string_view read;
  if (const auto error = json.get_string().get(read)) {
    return is_type_error(error) ? mistyped(at, "a string") : malformed();
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
  issue(at, "field.value", concat("must be one of: ", allowed),
        suggestions_.search(read, schema.names));
  return true;
}

bool Walk::scalar(ondemand::value json, void* target, const Place& at) {
  ondemand::json_type type;
  if (json.type().get(type)) return malformed();
  auto& scalar = *static_cast<Scalar*>(target);
  switch (type) {
    case ondemand::json_type::string: {
      scalar.is = Scalar::Is::string;
      return text(schema_of<std::string>(), json, &scalar.text, at);
    }
    case ondemand::json_type::number:
      scalar.is = Scalar::Is::number;
      return number(json, scalar.text, at);
    case ondemand::json_type::boolean: {
      bool value = false;
      const bool read = boolean(json, &value, at);
      scalar.is = Scalar::Is::boolean;
      scalar.text = value ? "true" : "false";
      return read;
    }
    default:
      return mistyped(at, "a string, a number, true or false");
  }
}

bool Walk::raw(ondemand::value json, void* target) {
  std::string_view read;
  if (json.raw_json().get(read)) return malformed();
  static_cast<Raw*>(target)->text.assign(trimmed(read));
  return true;
}

bool Walk::list(const Schema& schema, ondemand::value json, void* target, const Place& at) {
  ondemand::array array;
  if (const auto error = json.get_array().get(array)) {
    return is_type_error(error) ? mistyped(at, "an array") : malformed();
  }
  size_t index = 0;
  for (auto item : array) {
    ondemand::value element;
    if (std::move(item).get(element)) return malformed();
    const Place below(at, index++);
    if (!value(schema.element(), element, schema.append(target), below)) return false;
  }
  return true;
}

bool Walk::map(const Schema& schema, ondemand::value json, void* target, const Place& at) {
  ondemand::object object;
  if (const auto error = json.get_object().get(object)) {
    return is_type_error(error) ? mistyped(at, "an object") : malformed();
  }
  for (auto item : object) {
    ondemand::field member;
    if (std::move(item).get(member)) return malformed();
    std::string_view key;
    if (member.unescaped_key(false).get(key)) return malformed();
    void* place = schema.append_key(target, key);
    if (!value(schema.element(), member.value(), place, Place(at, key))) return false;
  }
  for (const std::string_view name : repeated_names(schema.items(target))) {
    issue(Place(at, name), "field.duplicate", "stands twice");
  }
  return true;
}

void Walk::unknown(const Schema& schema, std::string_view name, const Place& at) {
  std::vector<std::string_view> known;
  for (const FieldInfo& field : schema.fields) known.push_back(field.name);
  issue(Place(at, name), "field.unknown", "is not a known field", suggestions_.search(name, known));
}

void Walk::missing(const Schema& schema, uint64_t seen, uint64_t nulls, const Place& at) {
  const bool lenient = strictness_ == Strictness::lenient;
  const uint64_t absent = lenient ? schema.vital & (~seen | nulls) : ~seen;
  for (size_t i = 0; absent != 0 && i < schema.fields.size(); ++i) {
    const FieldInfo& field = schema.fields[i];
    const bool optional = !lenient && field.schema().kind == Kind::optional;
    if ((absent >> i & 1) == 0 || optional) continue;
    issue(Place(at, field.name), "field.missing", "is required");
  }
}

/// The index of the field of that name, or the number of fields. Documents mostly have our order:
/// the search begins with the field after the last one found.
size_t find_field(std::span<const FieldInfo> fields, std::string_view name, size_t next) {
  const auto is = [&](size_t i) {
    const std::string_view known = fields[i].name;
    return known.size() == name.size() && known[0] == name[0] && known == name;
  };
  for (size_t i = next; i < fields.size(); ++i) {
    if (is(i)) return i;
  }
  for (size_t i = 0; i < next; ++i) {
    if (is(i)) return i;
  }
  return fields.size();
}

bool is_null(ondemand::value& json) {
  bool null = false;
  return json.is_null().get(null) == simdjson::SUCCESS && null;
}

bool Walk::members(const Schema& schema, ondemand::object& object, void* target, const Place& at,
                   bool tagged) {
  uint64_t seen = 0;
  uint64_t nulls = 0;
  size_t next = 0;
  for (auto item : object) {
    ondemand::field member;
    if (std::move(item).get(member)) return malformed();
    std::string_view key;
    if (member.unescaped_key(false).get(key)) return malformed();
    const size_t found = find_field(schema.fields, key, next);
    if (found == schema.fields.size()) {
      const bool tag = tagged && key == "type";
      if (strictness_ == Strictness::strict && !tag) {
        unknown(schema, key, at);
      }
      continue;
    }
    next = found + 1;
    const auto bit = uint64_t{1} << found;
    if ((seen & bit) != 0) {
      issue(Place(at, key), "field.duplicate", "stands twice");
      continue;
    }
    seen |= bit;
    const FieldInfo& field = schema.fields[found];
    ondemand::value json = member.value();
    if (strictness_ == Strictness::lenient && is_null(json)) {
      nulls |= bit;
      continue;
    }
    if (!value(field.schema(), json, field.at(target), Place(at, key))) return false;
  }
  missing(schema, seen, nulls, at);
  return true;
}

bool Walk::object(const Schema& schema, ondemand::value json, void* target, const Place& at) {
  ondemand::object object;
  if (const auto error = json.get_object().get(object)) {
    return is_type_error(error) ? mistyped(at, "an object") : malformed();
  }
  return members(schema, object, target, at, false);
}

bool Walk::one_of(const Schema& schema, ondemand::value json, void* target, const Place& at) {
  ondemand::object object;
  if (const auto error = json.get_object().get(object)) {
    return is_type_error(error) ? mistyped(at, "an object") : malformed();
  }
  std::string_view type;
  if (const auto error = object.find_field_unordered("type").get_string().get(type)) {
    if (error != simdjson::NO_SUCH_FIELD && !is_type_error(error)) return malformed();
    issue(Place(at, "type"), "field.missing", "is required and a string");
    return true;
  }
  bool rest_is_empty = false;
  if (object.reset().get(rest_is_empty)) return malformed();
  for (const Alternative& alternative : schema.alternatives) {
    if (alternative.name != type) continue;
    return members(alternative.schema(), object, alternative.emplace(target), at, true);
  }
  issue(Place(at, "type"), "field.value", "is not a known type");
  return true;
}

bool Walk::value(const Schema& schema, ondemand::value json, void* target, const Place& at) {
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

void walk_document(ondemand::parser& parser, std::string_view text, Walk& walk,
                   const ReadOutcome& outcome, const Schema& schema, void* out) {
  ondemand::document parsed;
  const size_t room = text.size() + json_padding;
  if (parser.iterate(text.data(), text.size(), room).get(parsed)) {
    walk.malformed();
    return;
  }
  ondemand::value root;
  if (const auto error = parsed.get_value().get(root)) {
    const bool scalar = error == simdjson::SCALAR_DOCUMENT_AS_VALUE && json_fault(text).empty();
    if (scalar) {
      walk.issue(Place(), "field.type", "must be an object");
    } else {
      walk.malformed();
    }
    return;
  }
  const bool walked = walk.value(schema, root, out, Place());
  if (walked && outcome.issues.empty() && !parsed.at_end()) {
    walk.malformed();
  }
}

}  // namespace

ReadOutcome JsonReader::read_document(PaddedView document, Strictness strictness,
                                      const Schema& schema, void* out) {
  ReadOutcome outcome;
  Walk walk(strictness, outcome);
  walk_document(buffers_->parser, document.text, walk, outcome, schema, out);
  if (outcome.malformed) {
    outcome.problem = json_fault(document.text);
    if (outcome.problem.empty()) outcome.problem = "not well-formed";
  }
  return outcome;
}

}  // namespace slipway
