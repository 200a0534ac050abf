// What is said to GitHub: starting the builder's workflow and finding its runs (REST, API version
// 2026-03-10). Paths and fields: https://docs.github.com/en/rest/actions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/names.hpp"
#include "upstream/http.hpp"

namespace slipway::github {

/// Where the builder's workflow lives.
struct Builder {
  std::string owner;
  std::string repository;
  std::string workflow;
  std::string ref;
};

/// A workflow run, as far as it is read.
struct Run {
  int64_t id = 0;
  std::string display_title;
  std::string status;
  std::optional<std::string> conclusion;
  std::string html_url;
};

struct RunPage {
  std::vector<Run> workflow_runs;
};

struct Dispatched {
  int64_t workflow_run_id = 0;
  std::string html_url;
};

/// The builder's workflow, as far as it is read.
struct Workflow {
  std::string state;  ///< `active`, or how it was disabled
};

/// An error body.
struct Refusal {
  std::string message;
};

/// Starts the workflow for one batch, with as many jobs as it has shards. The answer of this API
/// version is 200 with the run's id.
[[nodiscard]] Request dispatch(const Builder&, std::string_view dispatch_key,
                               std::string_view account, Environment environment, int64_t shards);

/// The newest 100 runs by dispatch that were created at or after `floor_ms`; 304 where the answer
/// with this `etag` still holds.
[[nodiscard]] Request list_runs(const Builder&, int64_t floor_ms, std::string_view etag = {});

/// One run.
[[nodiscard]] Request get_run(const Builder&, std::string_view run_id);

/// The workflow itself: whether it is there, and enabled.
[[nodiscard]] Request get_workflow(const Builder&);

/// Tells a run to stop. 202: it will; 409: it has ended already.
[[nodiscard]] Request cancel_run(const Builder&, std::string_view run_id);

/// Whether GitHub refused because of a limit. A secondary limit may come as 403 without any header
/// that says so.
[[nodiscard]] bool is_limit(const Refusal& refusal);

/// Whether the run was started with this key: its title begins with it.
[[nodiscard]] bool has_key(const Run& run, std::string_view dispatch_key);

}  // namespace slipway::github

namespace slipway {

template <>
struct describe<github::Run> {
  static constexpr std::string_view name = "GithubRun";
  static constexpr std::string_view doc = "A workflow run.";
  static constexpr std::array fields = {
      field<&github::Run::id>("id", "its id; larger than 32 bits"),
      field<&github::Run::display_title>("display_title", "the evaluated run-name"),
      field<&github::Run::status>("status", "queued, in_progress, completed and others"),
      field<&github::Run::conclusion>("conclusion", "only when completed"),
      field<&github::Run::html_url>("html_url", "its page"),
  };
  static constexpr std::array vital = {std::string_view("id"), std::string_view("display_title")};
};
template <>
struct describe<github::RunPage> {
  static constexpr std::string_view name = "GithubRunPage";
  static constexpr std::string_view doc = "A page of workflow runs.";
  static constexpr std::array fields = {
      field<&github::RunPage::workflow_runs>("workflow_runs", "newest first")};
  static constexpr std::array vital = {std::string_view("workflow_runs")};
};
template <>
struct describe<github::Dispatched> {
  static constexpr std::string_view name = "GithubDispatched";
  static constexpr std::string_view doc = "The answer to a dispatch.";
  static constexpr std::array fields = {
      field<&github::Dispatched::workflow_run_id>("workflow_run_id", "the run"),
      field<&github::Dispatched::html_url>("html_url", "its page"),
  };
  static constexpr std::array vital = {std::string_view("workflow_run_id")};
};
template <>
struct describe<github::Workflow> {
  static constexpr std::string_view name = "GithubWorkflow";
  static constexpr std::string_view doc = "A workflow.";
  static constexpr std::array fields = {
      field<&github::Workflow::state>("state", "active, or how it was disabled")};
  static constexpr std::array vital = {std::string_view("state")};
};
template <>
struct describe<github::Refusal> {
  static constexpr std::string_view name = "GithubRefusal";
  static constexpr std::string_view doc = "An error body.";
  static constexpr std::array fields = {field<&github::Refusal::message>("message", "in words")};
};

}  // namespace slipway
