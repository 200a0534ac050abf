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

/// A free-form leaf value.
using Scalar = std::variant<std::string, NumberText, bool>;

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

/// One member of an object.
struct FieldInfo {
  std::string_view name;
  std::string_view doc;  ///< meaning, units, bounds
  SchemaRef schema;
  void* (*at)(void* object);  ///< the member's address
  [[nodiscard]] const void* read(const void* object) const { return at(const_cast<void*>(object)); }
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
  std::span<const FieldInfo> fields = {};          ///< object
  std::span<const Alternative> alternatives = {};  ///< one_of
  std::span<const std::string_view> names = {};    ///< enumeration, in the order of its values
  SchemaRef element = {};                          ///< optional, list, map

  bool (*accepts)(std::string_view text) = nullptr;  ///< text with a rule
  std::string_view rule = {};                        ///< the rule in words
  std::string_view pattern = {};                     ///< the rule as a regular expression

  void* (*append)(void* container) = nullptr;  ///< list: a new last element
  void* (*append_key)(void* container, std::string_view key) = nullptr;
  size_t (*size)(const void* container) = nullptr;  ///< list, map; optional: 0 or 1
  const void* (*at)(const void* container, size_t index) = nullptr;
  std::string_view (*key_at)(const void* container, size_t index) = nullptr;
  void (*set_enum)(void* target, size_t value) = nullptr;
  size_t (*get_enum)(const void* target) = nullptr;
};

/// The field table of T: specialise with `name`, `doc` and `fields` (struct), `names` (enum), or
/// `name`, `rule`, `pattern` and `accepts` (a struct with the one member `text`).
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
concept HasRule = requires { describe<T>::rule; };

template <class T>
constexpr Schema optional_schema() {
  using Element = typename T::value_type;
  Schema s{.kind = Kind::optional};
  s.element = &schema_of<Element>;
  s.append = [](void* target) -> void* { return &static_cast<T*>(target)->emplace(); };
  s.size = [](const void* source) -> size_t {
    return static_cast<const T*>(source)->has_value() ? 1 : 0;
  };
  s.at = [](const void* source, size_t) -> const void* { return &**static_cast<const T*>(source); };
  return s;
}

template <class T>
constexpr Schema list_schema() {
  using Element = typename T::value_type;
  Schema s{.kind = Kind::list};
  s.element = &schema_of<Element>;
  s.append = [](void* target) -> void* { return &static_cast<T*>(target)->emplace_back(); };
  s.size = [](const void* source) { return static_cast<const T*>(source)->size(); };
  s.at = [](const void* source, size_t i) -> const void* {
    return &(*static_cast<const T*>(source))[i];
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
    auto& members = static_cast<T*>(target)->members;
    return &members.emplace_back(std::string(key), typename map_element<T>::type{}).second;
  };
  s.size = [](const void* source) { return static_cast<const T*>(source)->members.size(); };
  s.at = [](const void* source, size_t i) -> const void* {
    return &static_cast<const T*>(source)->members[i].second;
  };
  s.key_at = [](const void* source, size_t i) -> std::string_view {
    return static_cast<const T*>(source)->members[i].first;
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
            .doc = describe<T>::doc,
            .fields = describe<T>::fields};
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
  return {name, doc, &schema_of<Value>,
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
