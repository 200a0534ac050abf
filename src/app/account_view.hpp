// How an account is shown.
#pragma once

#include "app/account_views.hpp"
#include "app/run.hpp"

namespace slipway {

/// The view of a stored account, now. One whose places are all taken is shown as full.
[[nodiscard]] AccountView view_of(const Run& run, const AccountRow& account);

}  // namespace slipway
