// GET /api/v1/tokens and DELETE /api/v1/tokens/{tokenId}.
#include "app/operation_view.hpp"
#include "app/operations.hpp"
#include "app/paging.hpp"
#include "app/token_views.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

std::optional<std::string> time_of(const std::optional<int64_t>& at_ms) {
  if (!at_ms) return std::nullopt;
  return to_rfc3339(*at_ms);
}

}  // namespace

TokenView view_of(const TokenRow& token) {
  constexpr size_t shown_digits = 8;
  TokenView view;
  view.token_id = token.id;
  view.name = token.name;
  view.scopes = token.scopes;
  view.platforms = token.platforms;
  view.digest_end = std::string(tail(token.digest, shown_digits));
  view.created_by = token.created_by;
  view.created_at = to_rfc3339(token.created_ms);
  view.expires_at = time_of(token.expires_ms);
  view.revoked_at = time_of(token.revoked_ms);
  return view;
}

Outcome token_list(Run& run) {
  const auto page = read_page(run);
  const auto rows = run.query<TokenRow>("tokens_after", {page.cursor, number(page.limit + 1)});
  if (run.incomplete()) return run.need();

  TokenList list;
  for (const TokenRow& row : rows) {
    if (static_cast<int64_t>(list.items.size()) == page.limit) {
      list.next_cursor = list.items.back().token_id;
      break;
    }
    list.items.push_back(view_of(row));
  }
  return run.reply(200, to_json(list));
}

Outcome token_revoke(Run& run) {
  auto token = run.row<TokenRow>("token", run.param("tokenId"));
  if (run.incomplete()) return run.need();
  if (!token) return run.fail({ErrorCode::token_unknown, "", {}});
  if (!token->revoked_ms) run.draft().record(*token, TokenRevoked{run.caller().author});
  return run.reply(204, "");
}

}  // namespace slipway
