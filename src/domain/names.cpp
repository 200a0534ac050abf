#include "domain/names.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"
#include "base/ulid.hpp"

namespace slipway {

static_assert(limits::platform_id_chars_max + std::string_view("-prod-portal").size() ==
              limits::project_name_chars_max);

bool is_platform_id(std::string_view text) {
  return text.size() >= limits::platform_id_chars_min &&
         text.size() <= limits::platform_id_chars_max && is_kebab(text);
}

bool is_run_id(std::string_view text) {
  constexpr size_t digits_max = 20;
  return !text.empty() && text.size() <= digits_max &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_dispatch_key(std::string_view text) { return is_ulid(text); }

bool is_sha256_hex(std::string_view text) { return is_hex(text, 64); }

std::string site_id(std::string_view platform_id, Environment environment) {
  return concat(platform_id, "/", name_of(environment));
}

std::string project_name(std::string_view platform_id, Environment environment) {
  return concat(platform_id, "-", name_of(environment), "-portal");
}

}  // namespace slipway
