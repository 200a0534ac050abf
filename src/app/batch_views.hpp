// What administrators see of batches and budgets.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "domain/batch.hpp"

namespace slipway {

struct BatchView {
  std::string batch_id;
  BatchState state{};
  std::string account;
  Environment environment{};
  Origin origin{};
  bool interactive = false;
  std::string shell_sha;
  int64_t shards = 0;
  int64_t deployments = 0;
  int64_t left = 0;
  std::optional<std::string> run_url;
  std::optional<std::string> run_ended;
  std::optional<Failure> failure;
  std::string created_at;
};
template <>
struct describe<BatchView> {
  static constexpr std::string_view name = "Batch";
  static constexpr std::string_view doc = "Deployments that share one run of the builder.";
  static constexpr std::array fields = {
      field<&BatchView::batch_id>("batchId", "its id"),
      field<&BatchView::state>("state", "where it is on its way"),
      field<&BatchView::account>("account", "the Cloudflare account of all its sites"),
      field<&BatchView::environment>("environment", "the environment of all its sites"),
      field<&BatchView::origin>("origin", "who started the run"),
      field<&BatchView::interactive>("interactive", "somebody waits for it"),
      field<&BatchView::shell_sha>("shellSha", "commit of the shell; empty: its head"),
      field<&BatchView::shards>("shards", "jobs of its run"),
      field<&BatchView::deployments>("deployments", "how many it began with"),
      field<&BatchView::left>("left", "how many the builder has still to upload"),
      field<&BatchView::run_url>("runUrl", "page of the run"),
      field<&BatchView::run_ended>("runEnded", "the run's conclusion, where GitHub has told it"),
      field<&BatchView::failure>("failure", "why it ended badly"),
      field<&BatchView::created_at>("createdAt", "planned at, RFC 3339, UTC"),
  };
};

struct BatchList {
  std::vector<BatchView> items;
  std::optional<std::string> next_cursor;
};
template <>
struct describe<BatchList> {
  static constexpr std::string_view name = "BatchList";
  static constexpr std::string_view doc = "A page of batches, newest first.";
  static constexpr std::array fields = {
      field<&BatchList::items>("items", "the page"),
      field<&BatchList::next_cursor>("nextCursor", "absent: there is no further page"),
  };
};

struct BudgetView {
  std::string ledger;
  int64_t units = 0;
  int64_t window_s = 0;
  int64_t available = 0;
  int64_t reserve = 0;
  std::string last_spent_at;
  std::optional<std::string> stopped_until;
};
template <>
struct describe<BudgetView> {
  static constexpr std::string_view name = "Budget";
  static constexpr std::string_view doc =
      "What may be asked of an upstream, and what is left of it.";
  static constexpr std::array fields = {
      field<&BudgetView::ledger>("ledger",
                                 "`cloudflare:<rateOwner>`, `github` or `github:dispatch`"),
      field<&BudgetView::units>("units", "most units that are spent in a window"),
      field<&BudgetView::window_s>("windowSeconds", "its length"),
      field<&BudgetView::available>("available", "units that may be spent at once now"),
      field<&BudgetView::reserve>("reserve", "of these, kept for requests somebody waits for"),
      field<&BudgetView::last_spent_at>("lastSpentAt", "RFC 3339, UTC"),
      field<&BudgetView::stopped_until>(
          "stoppedUntil", "the upstream said that its limit is reached: nothing is sent before"),
  };
};

struct BudgetList {
  std::vector<BudgetView> items;
};
template <>
struct describe<BudgetList> {
  static constexpr std::string_view name = "BudgetList";
  static constexpr std::string_view doc = "All budgets that were ever spent from.";
  static constexpr std::array fields = {field<&BudgetList::items>("items", "all of them")};
};

}  // namespace slipway
