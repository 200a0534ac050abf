// What is said to GitHub about repositories and their files (REST, API version 2026-03-10): the
// repositories of an organisation, the entries of a folder, the bytes of a file. Reads only.
// Paths and fields: https://docs.github.com/en/rest/repos.
#pragma once

#include <string>
#include <string_view>

#include "upstream/http.hpp"

namespace slipway::github {

/// A repository, as far as it is read.
struct Repository {
  std::string name;
  std::string default_branch;
  bool archived = false;
};

/// An entry of a folder.
struct Entry {
  std::string name;
  std::string type;  ///< `file`, `dir`, `symlink` or `submodule`
  int64_t size = 0;  ///< bytes
};

/// Largest configuration file that is read, in bytes.
inline constexpr int64_t config_file_bytes_max = 256 * 1024;

/// The credential of a GitHub App for reading sources: a token of its own, which opens nothing
/// else.
inline constexpr std::string_view contents_credential = "github:contents";

/// A page of an organisation's repositories, oldest first, so that a new one changes no page that
/// was read. `page` counts from 1.
[[nodiscard]] Request list_repositories(std::string_view owner, int64_t page);

/// One repository.
[[nodiscard]] Request get_repository(std::string_view owner, std::string_view name);

/// The entries of a folder of the default branch; `folder` has no slash at its ends, empty: the
/// root.
[[nodiscard]] Request list_folder(std::string_view owner, std::string_view name,
                                  std::string_view folder);

/// The bytes of a file of the default branch, cut at `config_file_bytes_max`.
[[nodiscard]] Request get_raw(std::string_view owner, std::string_view name, std::string_view path);

/// Whether the answer to a page names a next one.
[[nodiscard]] bool has_next_page(const Answer& answer);

/// Whether the name is one that GitHub gives a repository or an owner.
[[nodiscard]] bool is_name(std::string_view text);

}  // namespace slipway::github

namespace slipway {

template <>
struct describe<github::Repository> {
  static constexpr std::string_view name = "GithubRepository";
  static constexpr std::string_view doc = "A repository.";
  static constexpr std::array fields = {
      field<&github::Repository::name>("name", "without its owner"),
      field<&github::Repository::default_branch>("default_branch", "what is read"),
      field<&github::Repository::archived>("archived", "it takes no more pushes"),
  };
  static constexpr std::array vital = {std::string_view("name")};
};
template <>
struct describe<github::Entry> {
  static constexpr std::string_view name = "GithubEntry";
  static constexpr std::string_view doc = "An entry of a folder.";
  static constexpr std::array fields = {
      field<&github::Entry::name>("name", "without its folder"),
      field<&github::Entry::type>("type", "file, dir, symlink or submodule"),
      field<&github::Entry::size>("size", "bytes"),
  };
  static constexpr std::array vital = {std::string_view("name"), std::string_view("type")};
};

}  // namespace slipway
