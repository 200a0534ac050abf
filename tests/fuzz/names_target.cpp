// Short texts of users: names, numbers, addresses. What is accepted keeps to its alphabet, and what
// is made of any text at all is safe where it goes.
#include <algorithm>
#include <array>
#include <string>

#include "app/publishing_settings.hpp"
#include "base/nearest.hpp"
#include "base/text.hpp"
#include "base/ulid.hpp"
#include "domain/account.hpp"
#include "domain/config.hpp"
#include "domain/names.hpp"
#include "domain/org.hpp"
#include "domain/token.hpp"
#include "domain/ts_text.hpp"
#include "targets.hpp"
#include "upstream/github_contents.hpp"
#include "wire/json_fault.hpp"
#include "wire/json_read.hpp"
#include "wire/json_write.hpp"
#include "wire/place.hpp"

namespace slipway::fuzz {
namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view kebab = "abcdefghijklmnopqrstuvwxyz0123456789-";
constexpr std::string_view words =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";

bool is_only(std::string_view text, std::string_view alphabet) {
  return text.find_first_not_of(alphabet) == std::string_view::npos;
}

void hold_names(std::string_view text) {
  const bool platform = is_platform_id(text);
  const bool org = is_org_slug(text);
  hold(!platform || (is_only(text, kebab) && text.size() >= 3), "a platform id is plain");
  hold(!org || is_only(text, kebab), "a slug is plain");
  for (const Environment environment : {Environment::dev, Environment::stg, Environment::prod}) {
    hold(!platform || is_project_name(project_name(text, environment)), "its project has a name");
  }
  hold(!org || is_project_name(org_project_name(text)), "an org's project has a name");
  hold(!is_org_id(text) || is_only(text, words), "an org id is plain");
  hold(!is_user_id(text) || text.find_first_of(" \r\n\t") == std::string_view::npos, "no spaces");
  hold(!is_run_id(text) || is_only(text, digits), "a run id is a number");
  hold(!github::is_name(text) || (is_only(text, words) && text != ".."), "a name at GitHub");
  hold(!is_variable_name(text) || is_only(text, words), "a variable's name is plain");
  hold(!is_sha256_hex(text) || (text.size() == 64 && is_only(text, kebab)), "a digest is hex");
  hold(!is_dispatch_key(text) || is_ulid(text), "a dispatch key is a ULID");
  (void)looks_secret(text);
  TokenRow token;
  token.platforms = {std::string(text)};
  hold(covers(token, "acme") == (text == "acme" || text == all_platforms), "covers what it names");
}

void hold_hook(std::string_view text) {
  const auto whole = hook_id_of(text);
  hold(!whole || concat(hook_address, *whole) == text, "a hook is its address and an id");
  const std::string address = concat(hook_address, text);
  const auto ending = hook_id_of(address);
  hold(!ending || (*ending == text && is_only(text, words) && text.size() >= 8), "an id is plain");
  if (ending) hold(shown_end(*ending).size() == 4, "four characters are shown");
}

void hold_numbers(std::string_view text) {
  if (const auto number = to_number(text)) {
    const size_t zeros = std::min(text.find_first_not_of('0'), text.size() - 1);
    hold(to_text(*number) == text.substr(zeros), "a number is its digits");
    hold(to_rfc3339(*number).ends_with("Z"), "any time has a date");
  }
  // The reader and the two checkers of the grammar, which are written apart, agree.
  const bool is_number = is_json_number(text);
  hold(!is_number || json_fault(text).empty(), "a number is JSON");
  const std::string document = concat("{\"default\":{\"a\":", text, "}}");
  const bool is_document = json_fault(document).empty();
  hold(!is_number || is_document, "and may be a member");
  const PaddedText padded(document);
  EnvDocument read;
  JsonReader reader;
  const ReadOutcome outcome = reader.read(padded.view(), Strictness::strict, read);
  hold(!outcome.ok() || is_document, "only JSON is read");
  hold(!outcome.malformed || !is_document, "what is refused as malformed is no JSON");
}

std::string decoded(std::string_view encoded) {
  std::string out;
  for (size_t i = 0; i < encoded.size(); ++i) {
    if (encoded[i] != '%') {
      out.push_back(encoded[i]);
      continue;
    }
    constexpr std::string_view hex = "0123456789ABCDEF";
    out.push_back(static_cast<char>(hex.find(encoded[i + 1]) * 16 + hex.find(encoded[i + 2])));
    i += 2;
  }
  return out;
}

void hold_texts(std::string_view text) {
  const std::string component = url_component(text);
  hold(component.find_first_of("/?#& \r\n") == std::string::npos, "one component of a URL");
  const bool climbs = text == "." || text == "..";
  hold(decoded(climbs ? decoded(component) : component) == text, "that stands for its text");
  hold(component != "." && component != "..", "and never climbs");
  const size_t prefix = utf8_prefix(text);
  hold(prefix <= text.size() && utf8_prefix(text.substr(0, prefix)) == prefix, "a prefix is UTF-8");
  const std::string_view sound = text.substr(0, prefix);
  for (const size_t bytes_max : {size_t{0}, size_t{3}, size_t{8}}) {
    const std::string_view first = head(sound, bytes_max);
    const std::string_view last = tail(sound, bytes_max);
    hold(first.size() <= bytes_max && sound.starts_with(first), "a head is a head");
    hold(last.size() <= bytes_max && sound.ends_with(last), "a tail is a tail");
    hold(utf8_prefix(first) == first.size() && utf8_prefix(last) == last.size(), "both UTF-8");
  }
  std::string json;
  append_json_string(json, sound);
  hold(json_fault(json).empty(), "any UTF-8 is a JSON string");
  hold(json.find('<') == std::string::npos, "that closes no script");
  const std::string pointer = Place(Place(), sound).pointer();
  hold(pointer.starts_with('/') && std::count(pointer.begin(), pointer.end(), '/') == 1, "a name");
}

void hold_nearest(std::string_view text) {
  constexpr std::array<std::string_view, 4> known = {"environments", "features", "name", "config"};
  const auto found = nearest(text, known);
  hold(!found || std::find(known.begin(), known.end(), *found) != known.end(), "a known name");
  for (const std::string_view name : known) hold(text != name || *found == name, "is nearest");
}

}  // namespace

void names_target(std::string_view bytes) {
  hold_names(bytes);
  hold_hook(bytes);
  hold_numbers(bytes);
  hold_texts(bytes);
  hold_nearest(bytes);
}

}  // namespace slipway::fuzz
