// What users and builders send to the API, and what a builder gets back.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "domain/config.hpp"
#include "domain/names.hpp"
#include "wire/describe.hpp"

namespace slipway {

struct PlatformCreateBody {
  PlatformId platform_id;
  std::optional<std::string> name;
  std::vector<Environment> environments;
  std::optional<ConfigDocuments> config;
};
template <>
struct describe<PlatformCreateBody> {
  static constexpr std::string_view name = "PlatformCreate";
  static constexpr std::string_view doc = "A platform to create.";
  static constexpr std::array fields = {
      field<&PlatformCreateBody::platform_id>("platformId", "its id, for ever"),
      field<&PlatformCreateBody::name>("name", "its name for people, 1 to 120 bytes"),
      field<&PlatformCreateBody::environments>("environments", "each once, at least one"),
      field<&PlatformCreateBody::config>("config", "without it: only the name"),
  };
};

struct DeploymentRequestBody {
  std::optional<std::string> reason;
};
template <>
struct describe<DeploymentRequestBody> {
  static constexpr std::string_view name = "DeploymentRequest";
  static constexpr std::string_view doc = "A deployment to start by hand.";
  static constexpr std::array fields = {
      field<&DeploymentRequestBody::reason>("reason", "shown in the timeline"),
  };
};

struct ClaimBody {
  std::optional<DispatchKey> dispatch_key;
  std::optional<PlatformId> platform_id;
  std::optional<Environment> env;
  std::optional<std::string> account;
  std::optional<std::string> batch_id;
  std::optional<int64_t> shard;
  RunId run_id;
  int64_t run_attempt = 0;
};
template <>
struct describe<ClaimBody> {
  static constexpr std::string_view name = "Claim";
  static constexpr std::string_view doc =
      "A run asks for its batch, or for a shard of it, in one of four ways: by dispatch key; by "
      "platform and environment when a person started it; by account for the next one that waits "
      "for a runner; by its id for a further shard.";
  static constexpr std::array fields = {
      field<&ClaimBody::dispatch_key>("dispatchKey", "the run's input of that name"),
      field<&ClaimBody::platform_id>("platformId", "by hand: with `env`"),
      field<&ClaimBody::env>("env", "by hand, and to choose among the batches of an account"),
      field<&ClaimBody::account>("account", "the next batch of this account"),
      field<&ClaimBody::batch_id>("batchId", "a batch that this run holds already"),
      field<&ClaimBody::shard>("shard", "which of its jobs, from 0; default 0"),
      field<&ClaimBody::run_id>("runId", "GITHUB_RUN_ID"),
      field<&ClaimBody::run_attempt>("runAttempt", "GITHUB_RUN_ATTEMPT"),
  };
};

struct ClaimedDeployment {
  std::string deployment_id;
  std::string platform_id;
  Environment environment{};
  std::string project_name;
  std::string branch;
  int64_t config_version = 0;
  std::string shell_sha;
};
template <>
struct describe<ClaimedDeployment> {
  static constexpr std::string_view name = "ClaimedDeployment";
  static constexpr std::string_view doc = "One site to build and upload.";
  static constexpr std::array fields = {
      field<&ClaimedDeployment::deployment_id>("deploymentId", "the deployment"),
      field<&ClaimedDeployment::platform_id>("platformId", "the platform"),
      field<&ClaimedDeployment::environment>("environment", "the environment"),
      field<&ClaimedDeployment::project_name>("projectName", "the Pages project"),
      field<&ClaimedDeployment::branch>("branch", "its production branch"),
      field<&ClaimedDeployment::config_version>("configVersion", "the version to fetch"),
      field<&ClaimedDeployment::shell_sha>("shellSha", "commit of the starter; empty: its head"),
  };
};

struct ClaimView {
  std::string batch_id;
  std::string account;
  Environment environment{};
  int64_t shard = 0;
  int64_t shards = 1;
  std::vector<ClaimedDeployment> deployments;
  /// Never set here: the plaintext joins the reply after the core has written it.
  std::optional<std::string> token;
};
template <>
struct describe<ClaimView> {
  static constexpr std::string_view name = "ClaimedBatch";
  static constexpr std::string_view doc = "The batch that the run now holds.";
  static constexpr std::array fields = {
      field<&ClaimView::batch_id>("batchId", "the batch"),
      field<&ClaimView::account>("account", "the Cloudflare account of all its sites"),
      field<&ClaimView::environment>("environment", "the environment of all its sites"),
      field<&ClaimView::shard>("shard", "which of its jobs"),
      field<&ClaimView::shards>("shards", "how many jobs it has"),
      field<&ClaimView::deployments>("deployments", "what this job builds; may be none"),
      field<&ClaimView::token>("token", "reads these configurations and reports this batch"),
  };
};

struct TurnBody {
  RunId run_id;
  std::string deployment_id;
};
template <>
struct describe<TurnBody> {
  static constexpr std::string_view name = "TurnRequest";
  static constexpr std::string_view doc = "A run asks whether it may upload a deployment now.";
  static constexpr std::array fields = {
      field<&TurnBody::run_id>("runId", "the run that claimed the batch"),
      field<&TurnBody::deployment_id>("deploymentId", "the deployment"),
  };
};

enum class TurnAnswer : uint8_t { granted, wait, dropped };
template <>
struct describe<TurnAnswer> {
  static constexpr std::string_view name = "TurnAnswer";
  static constexpr std::array<std::string_view, 3> names = {"granted", "wait", "dropped"};
};

struct TurnView {
  TurnAnswer turn{};
  std::optional<int64_t> wait_ms;
  std::optional<std::string> reason;
};
template <>
struct describe<TurnView> {
  static constexpr std::string_view name = "Turn";
  static constexpr std::string_view doc =
      "`granted`: upload it now; `wait`: ask again after `waitMs`; `dropped`: it is not wanted any "
      "more, leave it out and report nothing.";
  static constexpr std::array fields = {
      field<&TurnView::turn>("turn", "what to do"),
      field<&TurnView::wait_ms>("waitMs", "wait: 250 to 60000 milliseconds"),
      field<&TurnView::reason>("reason", "wait: `budget`"),
  };
};

enum class ReportOutcome : uint8_t { building, uploaded, failed };
template <>
struct describe<ReportOutcome> {
  static constexpr std::string_view name = "ReportOutcome";
  static constexpr std::array<std::string_view, 3> names = {"building", "uploaded", "failed"};
};

enum class ReportReason : uint8_t {
  config_unavailable,
  install_failed,
  build_failed,
  deploy_failed,
  cancelled,
  out_of_time,
};
template <>
struct describe<ReportReason> {
  static constexpr std::string_view name = "ReportReason";
  static constexpr std::array<std::string_view, 6> names = {"config_unavailable", "install_failed",
                                                            "build_failed",       "deploy_failed",
                                                            "cancelled",          "out_of_time"};
};

struct ReportResult {
  std::string deployment_id;
  ReportOutcome outcome{};
  std::optional<std::string> config_etag;
  std::optional<std::string> pages_deployment_id;
  std::optional<std::string> url;
  std::optional<Sha256Hex> manifest_digest;
  std::optional<ReportReason> reason;
  std::optional<std::string> log_tail;
};
template <>
struct describe<ReportResult> {
  static constexpr std::string_view name = "ReportResult";
  static constexpr std::string_view doc = "What became of one deployment of the batch.";
  static constexpr std::array fields = {
      field<&ReportResult::deployment_id>("deploymentId", "the deployment"),
      field<&ReportResult::outcome>("outcome", "how far it came"),
      field<&ReportResult::config_etag>("configEtag", "ETag of the configuration that was built"),
      field<&ReportResult::pages_deployment_id>("pagesDeploymentId", "required when uploaded"),
      field<&ReportResult::url>("url", "the deployment's own address"),
      field<&ReportResult::manifest_digest>("manifestDigest", "SHA-256 of slipway.json"),
      field<&ReportResult::reason>("reason", "required when failed"),
      field<&ReportResult::log_tail>("logTail", "last lines, without secrets"),
  };
};

struct ReportBody {
  RunId run_id;
  std::vector<ReportResult> results;
};
template <>
struct describe<ReportBody> {
  static constexpr std::string_view name = "Report";
  static constexpr std::string_view doc = "Results of a batch, at most 50 a call.";
  static constexpr std::array fields = {
      field<&ReportBody::run_id>("runId", "the run that claimed the batch"),
      field<&ReportBody::results>("results", "1 to 50"),
  };
};

struct ReportView {
  int64_t accepted = 0;
};
template <>
struct describe<ReportView> {
  static constexpr std::string_view name = "ReportAnswer";
  static constexpr std::string_view doc = "How much of a report was news.";
  static constexpr std::array fields = {
      field<&ReportView::accepted>("accepted", "results that changed something"),
  };
};

}  // namespace slipway
