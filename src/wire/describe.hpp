// Field tables: the one source for the shape of every wire struct, row and event.
//
// A struct states its fields once in `describe<T>`; `schema_of<T>()` turns that into a `Schema`, a
// small run-time description that four interpreters share: the strict reader (json_read), the
// writer (json_write), and the TypeScript and OpenAPI emitters (bindings/types).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace slipway {

/// What a Schema describes.
enum class Kind : uint8_t {
  boolean,      ///< bool
  integer,      ///< int64_t, |n| <= 2^53 - 1
  text,         ///< std::string, or a type with `std::string text`
  enumeration,  ///< an enum whose names stand in `describe`
  scalar,       ///< Scalar: a string, a number or a boolean
  raw,          ///< Raw: any JSON, kept as its text
  optional,     ///< std::optional: may be absent; null is refused
  list,         ///< std::vector
  map,          ///< Map: any member names, in the document's order
  object,       ///< a described struct
  one_of,       ///< std::variant of described structs, told apart by the member `type`
};

/// A number as its JSON text: free-form values are kept exactly, never rounded.
struct NumberText {
  std::string text;
  bool operator==(const NumberText&) const = default;
};

/// A free-form leaf value: a string, a number as its text, or a boolean.
struct Scalar {
  enum class Is : uint8_t { string, number, boolean };

  Scalar() = default;
  // NOLINTBEGIN(google-explicit-constructor): a value stands for the scalar that it is.
  Scalar(std::string value) : text(std::move(value)) {}
  Scalar(const char* value) : text(value) {}
  Scalar(NumberText value) : is(Is::number), text(std::move(value.text)) {}
  Scalar(bool value) : is(Is::boolean), text(value ? "true" : "false") {}
  // NOLINTEND(google-explicit-constructor)
  bool operator==(const Scalar&) const = default;

  Is is = Is::string;
  std::string text;  ///< the string itself, else the JSON text
};

/// Any JSON value, kept as its text. The text is well-formed.
struct Raw {
  std::string text;
  bool operator==(const Raw&) const = default;
};

/// A JSON object with free member names, in order, without duplicates.
template <class T>
struct Map {
  std::vector<std::pair<std::string, T>> members;
  bool operator==(const Map&) const = default;
};

struct Schema;

/// The schema of T. A constant: the same object everywhere.
template <class T>
constexpr const Schema& schema_of();

/// A reference to a schema, or none: written as `&schema_of<T>`.
class SchemaRef {
 public:
  constexpr SchemaRef() = default;
  constexpr SchemaRef(std::nullptr_t) {}
  // NOLINTNEXTLINE(google-explicit-constructor): tables name schemas by this function.
  constexpr SchemaRef(const Schema& (*of)()) : schema_(&of()) {}
  constexpr const Schema& operator()() const { return *schema_; }
  constexpr bool operator==(std::nullptr_t) const { return schema_ == nullptr; }

 private:
  const Schema* schema_ = nullptr;
};

/// Documentation is for the tools that emit types and documents; the Wasm module carries none.
#ifdef __wasm__
constexpr std::string_view kept_doc(std::string_view) { return {}; }
#else
constexpr std::string_view kept_doc(std::string_view doc) { return doc; }
#endif

/// One member of an object.
struct FieldInfo {
  std::string_view name;
  std::string_view doc;  ///< meaning, units, bounds
  SchemaRef schema;
  void* (*at)(void* object);  ///< the member's address
  /// The same of an object that is only read.
  [[nodiscard]] const void* read(const void* object) const {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): `at` only finds the address.
    return at(const_cast<void*>(object));
  }
};

/// The content of a container: elements that lie one behind the other. Valid while the container
/// does not change.
struct Items {
  const char* first = nullptr;
  size_t count = 0;
  size_t stride = 0;    ///< bytes from one element to the next
  size_t value_at = 0;  ///< where the value begins in an element

  [[nodiscard]] const void* value(size_t index) const { return first + index * stride + value_at; }
  /// The name of a map's member, with which its element begins.
  [[nodiscard]] std::string_view key(size_t index) const {
    return *reinterpret_cast<const std::string*>(first + index * stride);
  }
};

/// One alternative of a one_of.
struct Alternative {
  std::string_view name;  ///< the value of `type`
  SchemaRef schema;
  void* (*emplace)(void* variant);
  const void* (*get)(const void* variant);  ///< null where another alternative is held
};

/// The run-time description of a type. All members are constants of static storage.
struct Schema {
  Kind kind;
  std::string_view name = {};  ///< of objects, enumerations and named texts; else empty
  std::string_view doc = {};
  std::span<const FieldInfo> fields = {};  ///< object
  uint64_t vital = 0;  ///< object: a bit for each field without which a lenient reading fails
  std::span<const Alternative> alternatives = {};  ///< one_of
  std::span<const std::string_view> names = {};    ///< enumeration, in the order of its values
  SchemaRef element = {};                          ///< optional, list, map

  bool (*accepts)(std::string_view text) = nullptr;  ///< text with a rule
  std::string_view rule = {};                        ///< the rule in words
  std::string_view pattern = {};                     ///< the rule as a regular expression

  void* (*append)(void* container) = nullptr;  ///< list: a new last element
  void* (*append_key)(void* container, std::string_view key) = nullptr;
  Items (*items)(const void* container) = nullptr;  ///< list, map; optional: none or one
  void (*set_enum)(void* target, size_t value) = nullptr;
  size_t (*get_enum)(const void* target) = nullptr;
};

/// The field table of T: specialise with `name`, `doc` and `fields` (struct), `names` (enum), or
/// `name`, `rule`, `pattern` and `accepts` (a struct with the one member `text`). A struct that is
/// read from an upstream's answer also names its `vital` fields: an answer without one of them, or
/// with null in its place, says nothing and cannot be read.
template <class T>
struct describe;

namespace detail {

/// Declared before it can be computed: field tables take its address.
template <class T>
struct SchemaFor {
  static const Schema value;
};

}  // namespace detail

template <class T>
constexpr const Schema& schema_of() {
  return detail::SchemaFor<T>::value;
}

namespace detail {

template <class M>
struct member_of;
template <class T, class M>
struct member_of<M T::*> {
  using object = T;
  using member = M;
};

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = true;
template <class T>
inline constexpr bool is_map = false;
template <class T>
inline constexpr bool is_map<Map<T>> = true;
template <class T>
inline constexpr bool is_variant = false;
template <class... T>
inline constexpr bool is_variant<std::variant<T...>> = true;

template <class T>
concept HasFields = requires { describe<T>::fields; };
template <class T>
concept HasNames = requires { describe<T>::names; };
template <class T>
concept HasVital = requires { describe<T>::vital; };
template <class T>
concept HasRule = requires { describe<T>::rule; };

template <class T>
constexpr Schema optional_schema() {
  using Element = typename T::value_type;
  Schema s{.kind = Kind::optional};
  s.element = &schema_of<Element>;
  s.append = [](void* target) -> void* { return &static_cast<T*>(target)->emplace(); };
  s.items = [](const void* source) -> Items {
    const T& value = *static_cast<const T*>(source);
    if (!value) return {};
    return {reinterpret_cast<const char*>(&*value), 1};
  };
  return s;
}

template <class T>
constexpr Schema list_schema() {
  using Element = typename T::value_type;
  Schema s{.kind = Kind::list};
  s.element = &schema_of<Element>;
  s.append = [](void* target) -> void* { return &static_cast<T*>(target)->emplace_back(); };
  s.items = [](const void* source) -> Items {
    const T& list = *static_cast<const T*>(source);
    return {reinterpret_cast<const char*>(list.data()), list.size(), sizeof(Element)};
  };
  return s;
}

template <class T>
struct map_element;
template <class T>
struct map_element<Map<T>> {
  using type = T;
};

template <class T>
constexpr Schema map_schema() {
  Schema s{.kind = Kind::map};
  s.element = &schema_of<typename map_element<T>::type>;
  s.append_key = [](void* target, std::string_view key) -> void* {
    constexpr size_t first_members = 8;
    auto& members = static_cast<T*>(target)->members;
    if (members.empty()) members.reserve(first_members);
    return &members.emplace_back(std::string(key), typename map_element<T>::type{}).second;
  };
  s.items = [](const void* source) -> Items {
    const auto& members = static_cast<const T*>(source)->members;
    if (members.empty()) return {};
    const auto* first = reinterpret_cast<const char*>(members.data());
    const auto* value = reinterpret_cast<const char*>(&members.front().second);
    return {first, members.size(), sizeof(members.front()), static_cast<size_t>(value - first)};
  };
  return s;
}

template <class V>
struct alternatives_of;
template <class... T>
struct alternatives_of<std::variant<T...>> {
  template <class One>
  static constexpr Alternative alternative() {
    using V = std::variant<T...>;
    return {describe<One>::name, &schema_of<One>,
            [](void* target) -> void* { return &static_cast<V*>(target)->template emplace<One>(); },
            [](const void* source) -> const void* {
              return std::get_if<One>(static_cast<const V*>(source));
            }};
  }
  static constexpr std::array table = {alternative<T>()...};
};

template <class T>
constexpr Schema enum_schema() {
  Schema s{.kind = Kind::enumeration, .name = describe<T>::name, .names = describe<T>::names};
  s.set_enum = [](void* target, size_t value) { *static_cast<T*>(target) = static_cast<T>(value); };
  s.get_enum = [](const void* source) {
    return static_cast<size_t>(*static_cast<const T*>(source));
  };
  return s;
}

/// The bits of the vital fields; none where the type names no such fields.
template <class T>
constexpr uint64_t vital_bits() {
  uint64_t bits = 0;
  if constexpr (HasVital<T>) {
    for (const std::string_view name : describe<T>::vital) {
      size_t at = 0;
      // A name that is no field runs past the end, which no constant may.
      while (describe<T>::fields[at].name != name) ++at;
      bits |= uint64_t{1} << at;
    }
  }
  return bits;
}

template <class T>
constexpr Schema make_schema() {
  static_assert(!std::is_same_v<T, uint64_t>, "2^53 and above are not exact in JavaScript");
  if constexpr (std::is_same_v<T, bool>) {
    return {.kind = Kind::boolean};
  } else if constexpr (std::is_same_v<T, int64_t>) {
    return {.kind = Kind::integer};
  } else if constexpr (std::is_same_v<T, std::string>) {
    return {.kind = Kind::text};
  } else if constexpr (std::is_same_v<T, Scalar>) {
    return {.kind = Kind::scalar};
  } else if constexpr (std::is_same_v<T, Raw>) {
    return {.kind = Kind::raw};
  } else if constexpr (is_optional<T>) {
    return optional_schema<T>();
  } else if constexpr (is_list<T>) {
    return list_schema<T>();
  } else if constexpr (is_map<T>) {
    return map_schema<T>();
  } else if constexpr (is_variant<T>) {
    return {.kind = Kind::one_of, .alternatives = alternatives_of<T>::table};
  } else if constexpr (HasNames<T>) {
    return enum_schema<T>();
  } else if constexpr (HasRule<T>) {
    static_assert(sizeof(T) == sizeof(std::string), "a named text holds only its text");
    return {.kind = Kind::text,
            .name = describe<T>::name,
            .accepts = describe<T>::accepts,
            .rule = describe<T>::rule,
            .pattern = describe<T>::pattern};
  } else {
    return {.kind = Kind::object,
            .name = describe<T>::name,
            .doc = kept_doc(describe<T>::doc),
            .fields = describe<T>::fields,
            .vital = vital_bits<T>()};
  }
}

template <class T>
constexpr Schema SchemaFor<T>::value = make_schema<T>();

}  // namespace detail

/// A row of a field table: `field<&Struct::member>("name", "meaning")`.
template <auto Member>
constexpr FieldInfo field(std::string_view name, std::string_view doc) {
  using Object = typename detail::member_of<decltype(Member)>::object;
  using Value = typename detail::member_of<decltype(Member)>::member;
  return {name, kept_doc(doc), &schema_of<Value>,
          [](void* object) -> void* { return &(static_cast<Object*>(object)->*Member); }};
}

/// The name of an enumerator, as the wire has it.
template <class E>
[[nodiscard]] constexpr std::string_view name_of(E value) {
  return describe<E>::names[static_cast<size_t>(value)];
}

/// The enumerator of that name, or nothing.
template <class E>
[[nodiscard]] constexpr std::optional<E> from_name(std::string_view name) {
  for (size_t i = 0; i < describe<E>::names.size(); ++i) {
    if (describe<E>::names[i] == name) return static_cast<E>(i);
  }
  return std::nullopt;
}

}  // namespace slipway
