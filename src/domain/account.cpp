#include "domain/account.hpp"

namespace slipway {

void apply(AccountRow& account, const AccountEvent& event, int64_t) {
  ++account.seq;
  const auto& registered = std::get<AccountRegistered>(event);
  account.name = registered.name;
  account.cloudflare_id = registered.cloudflare_id;
  account.capacity = registered.capacity;
}

}  // namespace slipway
