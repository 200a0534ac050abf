// What can become true about a deployment of a site: events of the site.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "domain/deployment.hpp"

namespace slipway {

struct DeploymentPlanned {
  std::string deployment_id;
  std::string batch_id;
};
struct DeploymentDispatching {
  std::string deployment_id;
  std::string dispatch_key;
};
struct DeploymentDispatched {
  std::string deployment_id;
  std::string run_id;
  std::string run_url;
};
struct DeploymentDispatchUnknown {
  std::string deployment_id;
  std::string detail;
};
struct DeploymentDispatchDeferred {
  std::string deployment_id;
  std::string detail;
};
struct DeploymentRetargeted {
  std::string deployment_id;
};
struct DeploymentSuperseded {
  std::string deployment_id;
  std::string detail;
};
struct DeploymentRunning {
  std::string deployment_id;
  std::string run_id;
  std::optional<std::string> run_url = std::nullopt;
};
struct DeploymentUploaded {
  std::string deployment_id;
  std::string pages_deployment_id;
  std::optional<std::string> pages_url;
  std::optional<std::string> config_etag;
  std::optional<std::string> manifest_digest;
};
struct DeploymentVerifying {
  std::string deployment_id;
};
struct DeploymentLive {
  std::string deployment_id;
  Verified verified{};
  int64_t verified_files = 0;
};
struct DeploymentFailed {
  std::string deployment_id;
  Failure failure;
  bool again = false;
};
struct DeploymentLost {
  std::string deployment_id;
  Failure failure;
  bool again = false;
};

template <>
struct describe<DeploymentPlanned> {
  static constexpr std::string_view name = "deployment_planned";
  static constexpr std::string_view doc = "A deployment of the desired revision begins.";
  static constexpr std::array fields = {
      field<&DeploymentPlanned::deployment_id>("deployment_id", "the deployment"),
      field<&DeploymentPlanned::batch_id>("batch_id", "the batch that builds it"),
  };
};
template <>
struct describe<DeploymentDispatching> {
  static constexpr std::string_view name = "deployment_dispatching";
  static constexpr std::string_view doc = "Written before the builder is started.";
  static constexpr std::array fields = {
      field<&DeploymentDispatching::deployment_id>("deployment_id", "the deployment"),
      field<&DeploymentDispatching::dispatch_key>("dispatch_key", "key of this dispatch"),
  };
};
template <>
struct describe<DeploymentDispatched> {
  static constexpr std::string_view name = "deployment_dispatched";
  static constexpr std::string_view doc = "GitHub accepted the dispatch.";
  static constexpr std::array fields = {
      field<&DeploymentDispatched::deployment_id>("deployment_id", "the deployment"),
      field<&DeploymentDispatched::run_id>("run_id", "the run"),
      field<&DeploymentDispatched::run_url>("run_url", "page of the run"),
  };
};
template <>
struct describe<DeploymentDispatchUnknown> {
  static constexpr std::string_view name = "deployment_dispatch_unknown";
  static constexpr std::string_view doc = "The dispatch's answer was lost; the run is looked for.";
  static constexpr std::array fields = {
      field<&DeploymentDispatchUnknown::deployment_id>("deployment_id", "the deployment"),
      field<&DeploymentDispatchUnknown::detail>("detail", "what was seen instead"),
  };
};
template <>
struct describe<DeploymentDispatchDeferred> {
  static constexpr std::string_view name = "deployment_dispatch_deferred";
  static constexpr std::string_view doc = "Nothing was started; it is tried again with a new key.";
  static constexpr std::array fields = {
      field<&DeploymentDispatchDeferred::deployment_id>("deployment_id", "the deployment"),
      field<&DeploymentDispatchDeferred::detail>("detail", "why"),
  };
};
template <>
struct describe<DeploymentRunning> {
  static constexpr std::string_view name = "deployment_running";
  static constexpr std::string_view doc = "A run claimed the batch.";
  static constexpr std::array fields = {
      field<&DeploymentRunning::deployment_id>("deployment_id", "the deployment"),
      field<&DeploymentRunning::run_id>("run_id", "the run"),
      field<&DeploymentRunning::run_url>("run_url", "page of the run, where it is known"),
  };
};
template <>
struct describe<DeploymentRetargeted> {
  static constexpr std::string_view name = "deployment_retargeted";
  static constexpr std::string_view doc =
      "A newer wish came before it was claimed: it carries that.";
  static constexpr std::array fields = {
      field<&DeploymentRetargeted::deployment_id>("deployment_id", "the deployment"),
  };
};
template <>
struct describe<DeploymentSuperseded> {
  static constexpr std::string_view name = "deployment_superseded";
  static constexpr std::string_view doc = "A newer wish does not fit into its batch: it gives way.";
  static constexpr std::array fields = {
      field<&DeploymentSuperseded::deployment_id>("deployment_id", "the deployment"),
      field<&DeploymentSuperseded::detail>("detail", "why it does not fit"),
  };
};
template <>
struct describe<DeploymentUploaded> {
  static constexpr std::string_view name = "deployment_uploaded";
  static constexpr std::string_view doc = "The builder uploaded the site to Pages.";
  static constexpr std::array fields = {
      field<&DeploymentUploaded::deployment_id>("deployment_id", "the deployment"),
      field<&DeploymentUploaded::pages_deployment_id>("pages_deployment_id", "id at Pages"),
      field<&DeploymentUploaded::pages_url>("pages_url", "the deployment's own address"),
      field<&DeploymentUploaded::config_etag>("config_etag", "configuration that was built"),
      field<&DeploymentUploaded::manifest_digest>("manifest_digest", "SHA-256 of slipway.json"),
  };
};
template <>
struct describe<DeploymentVerifying> {
  static constexpr std::string_view name = "deployment_verifying";
  static constexpr std::string_view doc = "Pages calls it deployed; the bytes are compared.";
  static constexpr std::array fields = {
      field<&DeploymentVerifying::deployment_id>("deployment_id", "the deployment"),
  };
};
template <>
struct describe<DeploymentLive> {
  static constexpr std::string_view name = "deployment_live";
  static constexpr std::string_view doc = "The site serves what was built.";
  static constexpr std::array fields = {
      field<&DeploymentLive::deployment_id>("deployment_id", "the deployment"),
      field<&DeploymentLive::verified>("verified", "how this was checked"),
      field<&DeploymentLive::verified_files>("verified_files", "files compared"),
  };
};
template <>
struct describe<DeploymentFailed> {
  static constexpr std::string_view name = "deployment_failed";
  static constexpr std::string_view doc = "The attempt ended badly.";
  static constexpr std::array fields = {
      field<&DeploymentFailed::deployment_id>("deployment_id", "the deployment"),
      field<&DeploymentFailed::failure>("failure", "why"),
      field<&DeploymentFailed::again>("again", "not its fault: tried again in another batch"),
  };
};
template <>
struct describe<DeploymentLost> {
  static constexpr std::string_view name = "deployment_lost";
  static constexpr std::string_view doc = "Our own deadline passed without an end.";
  static constexpr std::array fields = {
      field<&DeploymentLost::deployment_id>("deployment_id", "the deployment"),
      field<&DeploymentLost::failure>("failure", "why"),
      field<&DeploymentLost::again>("again", "not its fault: tried again in another batch"),
  };
};

}  // namespace slipway
