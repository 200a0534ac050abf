#include "upstream/github_contents.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace slipway::github {
namespace {

constexpr std::string_view json_media = "application/vnd.github+json";
constexpr std::string_view raw_media = "application/vnd.github.raw+json";

Request read(std::string path, std::string_view media) {
  Request out;
  out.target = Target::github;
  out.credential = "github";
  out.path = std::move(path);
  out.spending = Spending{std::string(github_ledger), github_budget};
  out.headers.members = {{"accept", std::string(media)}, {"x-github-api-version", "2026-03-10"}};
  return out;
}

std::string repository_path(std::string_view owner, std::string_view name) {
  return concat("/repos/", url_component(owner), "/", url_component(name));
}

/// The path with each of its parts encoded.
std::string encoded(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const size_t slash = path.find('/');
    out.append("/").append(url_component(path.substr(0, slash)));
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  }
  return out;
}

}  // namespace

Request list_repositories(std::string_view owner, int64_t page) {
  return read(concat("/orgs/", url_component(owner),
                     "/repos?type=all&sort=created&direction=asc&per_page=50&page=", to_text(page)),
              json_media);
}

Request get_repository(std::string_view owner, std::string_view name) {
  return read(repository_path(owner, name), json_media);
}

Request list_folder(std::string_view owner, std::string_view name, std::string_view folder) {
  return read(concat(repository_path(owner, name), "/contents", encoded(folder)), json_media);
}

Request get_raw(std::string_view owner, std::string_view name, std::string_view path) {
  Request out = read(concat(repository_path(owner, name), "/contents", encoded(path)), raw_media);
  out.body_max = config_file_bytes_max;
  return out;
}

bool has_next_page(const Answer& answer) {
  return answer.header("link").value_or("").find("rel=\"next\"") != std::string_view::npos;
}

bool is_name(std::string_view text) {
  constexpr size_t chars_max = 100;
  const auto fits = [](char c) {
    return is_lower(c) || is_digit(c) || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.';
  };
  return !text.empty() && text.size() <= chars_max && text != "." && text != ".." &&
         std::all_of(text.begin(), text.end(), fits);
}

}  // namespace slipway::github
