// A batch: deployments that share one builder run. It never crosses an account, an environment or a
// commit of the shell. Its row says who holds it; how far it is, the rows of its sites say.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "domain/failure.hpp"
#include "domain/names.hpp"
#include "domain/states.hpp"

namespace slipway {

/// Who started the run.
enum class Origin : uint8_t { dispatched, manual };
template <>
struct describe<Origin> {
  static constexpr std::string_view name = "Origin";
  static constexpr std::array<std::string_view, 2> names = {"dispatched", "manual"};
};

/// One deployment of a batch, and where it goes.
struct BatchMember {
  std::string deployment_id;
  std::string site;
  int64_t shard = 0;
};
template <>
struct describe<BatchMember> {
  static constexpr std::string_view name = "BatchMember";
  static constexpr std::string_view doc = "One deployment of a batch, and where it goes.";
  static constexpr std::array fields = {
      field<&BatchMember::deployment_id>("deployment_id", "the deployment"),
      field<&BatchMember::site>("site", "its site"),
      field<&BatchMember::shard>("shard", "the job of the run that builds it, from 0"),
  };
};

/// What is to be seen of a batch that is not closed without reading its members.
struct OpenBatch {
  std::string id;
  std::string account;
  BatchState state{};
  bool interactive = false;
  int64_t shards = 0;
  int64_t floor_ms = 0;
  std::optional<std::string> run_id;
  std::optional<std::string> dispatch_key;
};
template <>
struct describe<OpenBatch> {
  static constexpr std::string_view name = "OpenBatch";
  static constexpr std::string_view doc = "A batch that is not closed, in short.";
  static constexpr std::array fields = {
      field<&OpenBatch::id>("id", "the batch"),
      field<&OpenBatch::account>("account", "the Cloudflare account"),
      field<&OpenBatch::state>("state", "where it is on its way"),
      field<&OpenBatch::interactive>("interactive", "somebody waits for it"),
      field<&OpenBatch::shards>("shards", "jobs of its run"),
      field<&OpenBatch::floor_ms>("floor_ms", "its run is not older than this"),
      field<&OpenBatch::run_id>("run_id", "the builder's run"),
      field<&OpenBatch::dispatch_key>("dispatch_key", "key of the last dispatch"),
  };
};

struct BatchRow {
  int64_t seq = 0;
  std::string id;
  BatchState state{};
  std::string account;
  Environment environment{};
  Origin origin{};
  std::string shell_sha;
  bool interactive = false;
  int64_t shards = 1;
  std::vector<BatchMember> members;
  std::optional<std::string> dispatch_key;
  int64_t attempt = 0;
  int64_t unclear = 0;
  int64_t floor_ms = 0;
  std::optional<std::string> run_id;
  std::optional<std::string> run_url;
  int64_t run_attempt = 0;
  std::optional<int64_t> started_ms;
  bool hinted = false;
  std::optional<std::string> run_ended;
  std::optional<Failure> failure;
  int64_t created_ms = 0;
  std::optional<OpenBatch> open;
  std::optional<int64_t> cancel_attempts;
  std::optional<std::string> cancelled;
};
template <>
struct describe<BatchRow> {
  static constexpr std::string_view name = "BatchRow";
  static constexpr std::string_view doc = "A batch as it is stored.";
  static constexpr std::array fields = {
      field<&BatchRow::seq>("seq", "events so far"),
      field<&BatchRow::id>("id", "`bat_` and a ULID"),
      field<&BatchRow::state>("state", "where it is on its way"),
      field<&BatchRow::account>("account", "the Cloudflare account of all its sites"),
      field<&BatchRow::environment>("environment", "the environment of all its sites"),
      field<&BatchRow::origin>("origin", "who started the run"),
      field<&BatchRow::shell_sha>("shell_sha", "commit of the shell; empty: its head"),
      field<&BatchRow::interactive>("interactive", "somebody waits for it"),
      field<&BatchRow::shards>("shards", "jobs of its run"),
      field<&BatchRow::members>("members", "its deployments"),
      field<&BatchRow::dispatch_key>("dispatch_key", "key of the last dispatch"),
      field<&BatchRow::attempt>("attempt", "dispatches so far"),
      field<&BatchRow::unclear>("unclear", "dispatches whose answer was lost"),
      field<&BatchRow::floor_ms>("floor_ms", "runs of the last dispatch are not older than this"),
      field<&BatchRow::run_id>("run_id", "the builder's run"),
      field<&BatchRow::run_url>("run_url", "page of that run"),
      field<&BatchRow::run_attempt>("run_attempt", "attempt of the run that claimed the batch"),
      field<&BatchRow::started_ms>("started_ms", "run accepted, then claimed at"),
      field<&BatchRow::hinted>("hinted", "GitHub said that something happened to the run"),
      field<&BatchRow::run_ended>("run_ended", "the run's conclusion, once it has ended"),
      field<&BatchRow::failure>("failure", "why it ended badly"),
      field<&BatchRow::created_ms>("created_ms", "planned at, milliseconds since the epoch"),
      field<&BatchRow::open>("open", "in short, until it is closed"),
      field<&BatchRow::cancel_attempts>("cancel_attempts", "how often its run was told to stop"),
      field<&BatchRow::cancelled>("cancelled", "what came of that"),
  };
};

struct BatchPlanned {
  std::string id;
  std::string account;
  Environment environment{};
  Origin origin{};
  std::vector<BatchMember> members;
  std::string shell_sha;
  bool interactive = false;
};
struct BatchDispatchStarted {
  std::string dispatch_key;
  int64_t floor_ms = 0;
};
struct BatchDispatched {
  std::string run_id;
  std::string run_url;
};
struct BatchDispatchUnknown {
  std::string detail;
};
struct BatchDispatchDeferred {
  std::string detail;
};
struct BatchClaimed {
  std::string run_id;
  int64_t run_attempt = 0;
};
struct BatchRunHinted {
  std::string detail;
};
struct BatchRunSeen {
  std::string status;
  std::optional<std::string> conclusion;
};
struct BatchClosed {
  std::optional<Failure> failure;
};
struct BatchRunCancelStarted {
  int64_t attempt = 0;
};
struct BatchRunCancelled {
  std::string detail;
};

template <>
struct describe<BatchPlanned> {
  static constexpr std::string_view name = "batch_planned";
  static constexpr std::string_view doc = "Deployments were put together to be built.";
  static constexpr std::array fields = {
      field<&BatchPlanned::id>("id", "the batch"),
      field<&BatchPlanned::account>("account", "the Cloudflare account"),
      field<&BatchPlanned::environment>("environment", "the environment"),
      field<&BatchPlanned::origin>("origin", "who starts the run"),
      field<&BatchPlanned::members>("members", "its deployments"),
      field<&BatchPlanned::shell_sha>("shell_sha", "commit of the shell; empty: its head"),
      field<&BatchPlanned::interactive>("interactive", "somebody waits for it"),
  };
};
template <>
struct describe<BatchDispatchStarted> {
  static constexpr std::string_view name = "batch_dispatch_started";
  static constexpr std::string_view doc = "Written before the one POST with this key.";
  static constexpr std::array fields = {
      field<&BatchDispatchStarted::dispatch_key>("dispatch_key", "used for one POST only"),
      field<&BatchDispatchStarted::floor_ms>("floor_ms", "runs are searched from here on"),
  };
};
template <>
struct describe<BatchDispatched> {
  static constexpr std::string_view name = "batch_dispatched";
  static constexpr std::string_view doc = "The run is known.";
  static constexpr std::array fields = {
      field<&BatchDispatched::run_id>("run_id", "the run"),
      field<&BatchDispatched::run_url>("run_url", "page of the run"),
  };
};
template <>
struct describe<BatchDispatchUnknown> {
  static constexpr std::string_view name = "batch_dispatch_unknown";
  static constexpr std::string_view doc = "The answer was lost; the run is looked for by its name.";
  static constexpr std::array fields = {
      field<&BatchDispatchUnknown::detail>("detail", "what was seen instead"),
  };
};
template <>
struct describe<BatchDispatchDeferred> {
  static constexpr std::string_view name = "batch_dispatch_deferred";
  static constexpr std::string_view doc = "Nothing was started; the key is given up.";
  static constexpr std::array fields = {field<&BatchDispatchDeferred::detail>("detail", "why")};
};
template <>
struct describe<BatchClaimed> {
  static constexpr std::string_view name = "batch_claimed";
  static constexpr std::string_view doc = "A run holds the batch.";
  static constexpr std::array fields = {
      field<&BatchClaimed::run_id>("run_id", "the run"),
      field<&BatchClaimed::run_attempt>("run_attempt", "its attempt"),
  };
};
template <>
struct describe<BatchRunHinted> {
  static constexpr std::string_view name = "batch_run_hinted";
  static constexpr std::string_view doc = "GitHub said that something happened to the run.";
  static constexpr std::array fields = {field<&BatchRunHinted::detail>("detail", "what")};
};
template <>
struct describe<BatchRunSeen> {
  static constexpr std::string_view name = "batch_run_seen";
  static constexpr std::string_view doc = "GitHub was asked about the run.";
  static constexpr std::array fields = {
      field<&BatchRunSeen::status>("status", "in GitHub's words"),
      field<&BatchRunSeen::conclusion>("conclusion", "only when it has ended"),
  };
};
template <>
struct describe<BatchClosed> {
  static constexpr std::string_view name = "batch_closed";
  static constexpr std::string_view doc = "Nothing more is expected from the builder.";
  static constexpr std::array fields = {
      field<&BatchClosed::failure>("failure", "why it ended badly, if it did"),
  };
};

template <>
struct describe<BatchRunCancelStarted> {
  static constexpr std::string_view name = "batch_run_cancel_started";
  static constexpr std::string_view doc = "Written before GitHub is told to stop the run.";
  static constexpr std::array fields = {
      field<&BatchRunCancelStarted::attempt>("attempt", "from 1 on"),
  };
};
template <>
struct describe<BatchRunCancelled> {
  static constexpr std::string_view name = "batch_run_cancelled";
  static constexpr std::string_view doc = "GitHub need not be told again to stop the run.";
  static constexpr std::array fields = {field<&BatchRunCancelled::detail>("detail", "why")};
};

/// Everything that can become true about a batch.
using BatchEvent =
    std::variant<BatchPlanned, BatchDispatchStarted, BatchDispatched, BatchDispatchUnknown,
                 BatchDispatchDeferred, BatchClaimed, BatchRunHinted, BatchRunSeen, BatchClosed,
                 BatchRunCancelStarted, BatchRunCancelled>;

/// Whether the table of transitions.hpp has an edge for this event from the batch's state.
[[nodiscard]] bool allows(const BatchRow& batch, const BatchEvent& event);

/// Whether this run's word on the batch counts. One that was given up is nobody's: its sites may
/// belong to another run by now.
[[nodiscard]] bool is_held_by(const BatchRow& batch, std::string_view run_id);

/// Makes the event true on the row; `at_ms` is when it was recorded. The event must be allowed.
void apply(BatchRow& batch, const BatchEvent& event, int64_t at_ms);

}  // namespace slipway
