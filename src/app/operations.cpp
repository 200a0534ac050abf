#include "app/operations.hpp"

#include "app/operations/access.hpp"
#include "app/operations/accounts.hpp"
#include "app/operations/builder.hpp"
#include "app/operations/config.hpp"
#include "app/operations/control.hpp"
#include "app/operations/deployments.hpp"
#include "app/operations/migration.hpp"
#include "app/operations/orgs.hpp"
#include "app/operations/platforms.hpp"
#include "app/operations/projects.hpp"
#include "app/operations/publishing.hpp"
#include "app/operations/system.hpp"
#include "app/operations/upkeep.hpp"

namespace slipway {
namespace {

template <size_t... N>
constexpr auto joined(const std::array<OperationInfo, N>&... groups) {
  std::array<OperationInfo, (N + ...)> all{};
  size_t at = 0;
  const auto add = [&](const auto& group) {
    for (const OperationInfo& operation : group) all[at++] = operation;
  };
  (add(groups), ...);
  return all;
}

constexpr auto table =
    joined(system_operations, platforms_operations, config_operations, deployments_operations,
           builder_operations, access_operations, accounts_operations, projects_operations,
           upkeep_operations, migration_operations, control_operations, orgs_operations,
           publishing_operations);

}  // namespace

std::span<const OperationInfo> operations() { return table; }

}  // namespace slipway
