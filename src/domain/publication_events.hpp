// What can become true about a publication, one struct each.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "domain/publication.hpp"

namespace slipway {

struct PublicationPlanned {
  std::string publication_id;
  std::string by;
  PublishedVia via{};
  std::string project_name;
};
struct PublicationWished {
  std::string publication_id;
  std::string by;
};
struct PublicationStarting {
  std::string publication_id;
  int64_t attempt = 0;
  std::string floor_id;
};
struct PublicationDeferred {
  std::string publication_id;
  std::string detail;
};
struct PublicationUnclear {
  std::string publication_id;
  std::string detail;
};
struct PublicationStarted {
  std::string publication_id;
  std::string pages_deployment_id;
  std::optional<std::string> pages_url;
};
struct PublicationTriggered {
  std::string publication_id;
  std::string detail;
};
struct PublicationProgressed {
  std::string publication_id;
  std::string project_name;
  std::optional<std::string> pages_url;
  std::vector<BuildStage> stages;
};
struct PublicationDeployed {
  std::string publication_id;
  std::vector<BuildStage> stages;
};
struct PublicationLive {
  std::string publication_id;
  PageVerified verified{};
  std::optional<std::string> detail;
};
struct PublicationFailed {
  std::string publication_id;
  Failure failure;
  std::vector<BuildStage> stages;
};
struct PublicationSuperseded {
  std::string publication_id;
  std::string detail;
};
struct PublicationCancelled {
  std::string publication_id;
  std::string detail;
};
template <>
struct describe<PublicationPlanned> {
  static constexpr std::string_view name = "publication_planned";
  static constexpr std::string_view doc = "A build of the site was asked for.";
  static constexpr std::array fields = {
      field<&PublicationPlanned::publication_id>("publication_id", "the publication"),
      field<&PublicationPlanned::by>("by", "who asked"),
      field<&PublicationPlanned::via>("via", "how it is started"),
      field<&PublicationPlanned::project_name>("project_name",
                                               "the Pages project; empty: not known"),
  };
};
template <>
struct describe<PublicationWished> {
  static constexpr std::string_view name = "publication_wished";
  static constexpr std::string_view doc = "One more build was asked for meanwhile.";
  static constexpr std::array fields = {
      field<&PublicationWished::publication_id>("publication_id", "the one under way"),
      field<&PublicationWished::by>("by", "who asked"),
  };
};
template <>
struct describe<PublicationStarting> {
  static constexpr std::string_view name = "publication_starting";
  static constexpr std::string_view doc = "Its start is about to be sent.";
  static constexpr std::array fields = {
      field<&PublicationStarting::publication_id>("publication_id", "the publication"),
      field<&PublicationStarting::attempt>("attempt", "which one, from 1"),
      field<&PublicationStarting::floor_id>("floor_id", "the project's newest build before it"),
  };
};
template <>
struct describe<PublicationDeferred> {
  static constexpr std::string_view name = "publication_deferred";
  static constexpr std::string_view doc = "Cloudflare asked to wait.";
  static constexpr std::array fields = {
      field<&PublicationDeferred::publication_id>("publication_id", "the publication"),
      field<&PublicationDeferred::detail>("detail", "in words"),
  };
};
template <>
struct describe<PublicationUnclear> {
  static constexpr std::string_view name = "publication_unclear";
  static constexpr std::string_view doc = "Nobody knows whether it was started.";
  static constexpr std::array fields = {
      field<&PublicationUnclear::publication_id>("publication_id", "the publication"),
      field<&PublicationUnclear::detail>("detail", "in words"),
  };
};
template <>
struct describe<PublicationStarted> {
  static constexpr std::string_view name = "publication_started";
  static constexpr std::string_view doc = "Pages has it.";
  static constexpr std::array fields = {
      field<&PublicationStarted::publication_id>("publication_id", "the publication"),
      field<&PublicationStarted::pages_deployment_id>("pages_deployment_id",
                                                      "id at Cloudflare Pages"),
      field<&PublicationStarted::pages_url>("pages_url", "its own address"),
  };
};
template <>
struct describe<PublicationTriggered> {
  static constexpr std::string_view name = "publication_triggered";
  static constexpr std::string_view doc = "Its hook was called, and it cannot be followed.";
  static constexpr std::array fields = {
      field<&PublicationTriggered::publication_id>("publication_id", "the publication"),
      field<&PublicationTriggered::detail>("detail", "in words"),
  };
};
template <>
struct describe<PublicationProgressed> {
  static constexpr std::string_view name = "publication_progressed";
  static constexpr std::string_view doc = "Its build has come to another stage.";
  static constexpr std::array fields = {
      field<&PublicationProgressed::publication_id>("publication_id", "the publication"),
      field<&PublicationProgressed::project_name>("project_name", "the project that has it"),
      field<&PublicationProgressed::pages_url>("pages_url", "its own address"),
      field<&PublicationProgressed::stages>("stages", "as Pages shows them"),
  };
};
template <>
struct describe<PublicationDeployed> {
  static constexpr std::string_view name = "publication_deployed";
  static constexpr std::string_view doc = "Pages calls it deployed.";
  static constexpr std::array fields = {
      field<&PublicationDeployed::publication_id>("publication_id", "the publication"),
      field<&PublicationDeployed::stages>("stages", "as Pages shows them"),
  };
};
template <>
struct describe<PublicationLive> {
  static constexpr std::string_view name = "publication_live";
  static constexpr std::string_view doc = "The site serves it.";
  static constexpr std::array fields = {
      field<&PublicationLive::publication_id>("publication_id", "the publication"),
      field<&PublicationLive::verified>("verified", "how that was checked"),
      field<&PublicationLive::detail>("detail", "what more is to be said"),
  };
};
template <>
struct describe<PublicationFailed> {
  static constexpr std::string_view name = "publication_failed";
  static constexpr std::string_view doc = "It ended badly.";
  static constexpr std::array fields = {
      field<&PublicationFailed::publication_id>("publication_id", "the publication"),
      field<&PublicationFailed::failure>("failure", "why"),
      field<&PublicationFailed::stages>("stages", "as Pages shows them; empty: as they were"),
  };
};
template <>
struct describe<PublicationSuperseded> {
  static constexpr std::string_view name = "publication_superseded";
  static constexpr std::string_view doc = "A newer build took its place.";
  static constexpr std::array fields = {
      field<&PublicationSuperseded::publication_id>("publication_id", "the publication"),
      field<&PublicationSuperseded::detail>("detail", "in words"),
  };
};
template <>
struct describe<PublicationCancelled> {
  static constexpr std::string_view name = "publication_cancelled";
  static constexpr std::string_view doc = "It was stopped.";
  static constexpr std::array fields = {
      field<&PublicationCancelled::publication_id>("publication_id", "the publication"),
      field<&PublicationCancelled::detail>("detail", "in words"),
  };
};

}  // namespace slipway
