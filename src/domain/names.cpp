#include "domain/names.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "base/ulid.hpp"

namespace slipway {

static_assert(limits::platform_id_chars_max + std::string_view("-prod-portal").size() ==
              limits::project_name_chars_max);
static_assert(limits::org_slug_chars_max + std::string_view("-ark").size() ==
              limits::project_name_chars_max);

bool is_platform_id(std::string_view text) {
  return text.size() >= limits::platform_id_chars_min &&
         text.size() <= limits::platform_id_chars_max && is_kebab(text);
}

bool is_org_slug(std::string_view text) {
  return !text.empty() && text.size() <= limits::org_slug_chars_max && is_kebab(text);
}

bool is_org_id(std::string_view text) {
  return !text.empty() && text.size() <= limits::org_id_chars_max &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_lower(c) || is_digit(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' ||
                  c == '-';
         });
}

bool is_user_id(std::string_view text) {
  return !text.empty() && text.size() <= limits::user_id_chars_max &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '!' && c <= '~'; });
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

bool is_project_name(std::string_view text) {
  const auto plain = [](char c) { return is_lower(c) || is_digit(c) || c == '-'; };
  return !text.empty() && text.size() <= limits::project_name_chars_max &&
         std::all_of(text.begin(), text.end(), plain) && text.front() != '-' && text.back() != '-';
}

std::string org_project_name(std::string_view slug) { return concat(slug, "-ark"); }

}  // namespace slipway
