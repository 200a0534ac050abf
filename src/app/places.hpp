// Places of sites in accounts: given away one by one, with a turn each, so that no account has more
// sites than it holds and none makes more projects a day than it should (docs/adr/0009).
#pragma once

#include <vector>

#include "app/run.hpp"

namespace slipway {

/// Registers the account that the variables name, unless it is or its token is missing.
void register_own_account(Run& run, const std::vector<AccountRow>& accounts);

/// The code of a site that found no account with room.
inline constexpr ErrorCode no_place = ErrorCode::account_none_left;

/// Registers this account, where it is the one that the variables name and its token is there.
void register_account(Run& run, AccountRow& account);

/// Looking at a site that is to be created and has no place: gives one to it and to others that
/// wait with it, as far as there is room; the others rest. Room that is left wakes sites that rest.
[[nodiscard]] Outcome place_sites(Run& run, const SiteRow& site);

/// The sites that rest because no account had room, as many as one commit wakes. Asks: check
/// `run.incomplete()` afterwards.
[[nodiscard]] std::vector<SiteRow> sites_without_room(Run& run);

/// Lets at most `places` of them look for a place again.
void wake(Run& run, std::vector<SiteRow> resting, int64_t places);

/// The sites on their way to a project in the account, as many as one commit moves. Asks: check
/// `run.incomplete()` afterwards.
[[nodiscard]] std::vector<SiteRow> sites_on_their_way(Run& run, const AccountRow& account);

/// Takes the site out of its account, where nothing of it exists, and lets it look for another.
void displace(Run& run, AccountRow& account, SiteRow& site, std::string_view why);

/// The same for each of these whose turn is yet to come, except the site of this id. Where the turn
/// has come, the site's own look finds out.
void displace_waiting(Run& run, AccountRow& account, std::vector<SiteRow>& sites,
                      std::string_view why, std::string_view except = {});

/// Takes a place in this account for a site that has to be there, such as one whose project exists.
/// It needs no turn; neither the account's state nor its capacity is looked at.
void take_place(Run& run, AccountRow& account, const SiteRow& site);

/// Gives back the place of a site whose project is gone for good, and opens an account that was
/// full. The caller then wakes a site without room.
void free_place(Run& run, AccountRow& account, const SiteRow& site);

}  // namespace slipway
