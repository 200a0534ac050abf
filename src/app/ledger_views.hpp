// Budgets as the core reads them, and how far batches are.
#pragma once

#include <array>
#include <string>

#include "domain/ledger.hpp"
#include "wire/describe.hpp"

namespace slipway {

/// How much of a budget is given away. Written by the storage's own statement.
struct LedgerRow {
  std::string id;
  int64_t paced_ms = 0;
  int64_t last_ms = 0;
  int64_t stopped_ms = 0;
};
template <>
struct describe<LedgerRow> {
  static constexpr std::string_view name = "LedgerRow";
  static constexpr std::string_view doc = "How much of a budget is given away.";
  static constexpr std::array fields = {
      field<&LedgerRow::id>("id", "whose budget"),
      field<&LedgerRow::paced_ms>("paced_ms", "the time up to which it is spent at its pace"),
      field<&LedgerRow::last_ms>("last_ms", "the last spending"),
      field<&LedgerRow::stopped_ms>("stopped_ms", "nothing is given away before"),
  };
};

/// How many deployments of a batch are not uploaded.
struct BuildingCount {
  std::string batch_id;
  int64_t sites = 0;
};
template <>
struct describe<BuildingCount> {
  static constexpr std::string_view name = "BuildingCount";
  static constexpr std::string_view doc = "How many deployments of a batch are not uploaded.";
  static constexpr std::array fields = {
      field<&BuildingCount::batch_id>("batch_id", "the batch"),
      field<&BuildingCount::sites>("sites", "how many"),
  };
};

}  // namespace slipway
