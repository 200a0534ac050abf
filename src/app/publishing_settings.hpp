// How this instance publishes orgs: which account, which repository, how it is built.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/run.hpp"
#include "domain/org.hpp"
#include "upstream/pages_publishing.hpp"

namespace slipway {

/// The credential that stands for the key by which tenants' secrets are encrypted.
inline constexpr std::string_view sealing_credential = "sealing";

/// The name of the account that orgs' projects are made in.
[[nodiscard]] std::string publishing_account(const Run& run);

/// What is missing before orgs can be provisioned, in words that name the setting; nothing where
/// all is there.
[[nodiscard]] std::optional<std::string> publishing_gap(Run& run);

/// The org's project as it is to be. `publishing_gap` must have found nothing.
[[nodiscard]] pages::GitProject git_project_of(Run& run, const OrgRow& org);

/// Variables of a site as a JSON object of texts, read strictly; nothing where it is none, or a
/// name or value may not stand in a build's environment.
[[nodiscard]] std::optional<Map<std::string>> read_variables(Run& run, std::string_view json);

/// Whether a variable of a build may have this name.
[[nodiscard]] bool is_variable_name(std::string_view name);

}  // namespace slipway
