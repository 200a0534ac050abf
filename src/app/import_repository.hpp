// Reading one repository of the world before Slipway: its configuration files and which old
// projects it has. Reads only.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/run.hpp"
#include "app/store_config.hpp"
#include "domain/import.hpp"
#include "upstream/github_contents.hpp"

namespace slipway {

/// The request by the credential that reads sources: a GitHub App has one of its own.
[[nodiscard]] inline Request by_reader(const Run& run, Request request) {
  if (run.has_credential(github::contents_credential)) {
    request.credential = std::string(github::contents_credential);
  }
  return request;
}

/// What a repository holds.
struct ReadRepository {
  ImportItemRow item;                    ///< its line; `number` is not set
  std::optional<PreparedConfig> config;  ///< where it becomes a platform
  std::string account;                   ///< that holds its old projects
};

/// How fast an import may go on, found out from the answers that it gets.
struct ImportPace {
  std::optional<int64_t> wait_ms;  ///< a read that cannot tell now: when to ask again
  std::optional<Failure> failure;  ///< the import cannot go on at all
  int64_t rest_ms = 0;             ///< GitHub's budget is nearly spent: how long to leave it alone

  [[nodiscard]] bool blocked() const { return wait_ms.has_value() || failure.has_value(); }
  /// Takes an answer into account; whether it says something.
  [[nodiscard]] bool admits(Run& run, const Answer& answer);
  /// What was answered cannot be read, as after a cut connection: asked again later.
  void garbled();
  /// A budget has no room for so long.
  void defer(int64_t ms);
};

/// Asks for what is stored about a repository's platform: `run.incomplete()` until it is there.
void ask_for_platform(Run& run, const ImportRow& row, const std::string& name);

/// Reads a repository of whose platform everything stored is known. Nothing while something is not
/// known (check `run.incomplete()`), or where `pace` is blocked.
[[nodiscard]] std::optional<ReadRepository> read_repository(Run& run, const ImportRow& row,
                                                            const std::string& name,
                                                            const std::vector<AccountRow>& accounts,
                                                            ImportPace& pace);

}  // namespace slipway
