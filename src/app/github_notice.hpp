// A delivery of GitHub's webhook, as far as it is read.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "upstream/github.hpp"
#include "wire/describe.hpp"

namespace slipway {

struct GithubRepository {
  std::string full_name;
};
template <>
struct describe<GithubRepository> {
  static constexpr std::string_view name = "GithubRepository";
  static constexpr std::string_view doc = "The repository that an event is about.";
  static constexpr std::array fields = {
      field<&GithubRepository::full_name>("full_name", "`owner/name`")};
};

/// An event. Only `workflow_run` has both a run and one of the actions that are looked for.
struct GithubNotice {
  std::string action;
  std::optional<github::Run> workflow_run;
  std::optional<GithubRepository> repository;
};
template <>
struct describe<GithubNotice> {
  static constexpr std::string_view name = "GithubNotice";
  static constexpr std::string_view doc =
      "An event of GitHub's webhook; other members are ignored.";
  static constexpr std::array fields = {
      field<&GithubNotice::action>("action", "requested, in_progress, completed, or another"),
      field<&GithubNotice::workflow_run>("workflow_run", "the run, where the event is about one"),
      field<&GithubNotice::repository>("repository", "where it happened"),
  };
};

}  // namespace slipway
