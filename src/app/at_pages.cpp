#include "app/at_pages.hpp"

#include "base/text.hpp"
#include "upstream/classify.hpp"

namespace slipway {

pages::Account account_at(const AccountRow& account) {
  return {concat("cloudflare:", account.name), account.cloudflare_id,
          cloudflare_ledger(account.rate_owner)};
}

const Answer* ask_uploads(Run& run, const SiteRow& site) {
  const auto account = run.row<AccountRow>("account", site.account);
  if (!account) return nullptr;
  return run.ask(concat("look:uploads:", site.active->id),
                 pages::list_deployments(account_at(*account), site.project_name));
}

pages::EnvelopeError first_error(Run& run, const Answer& answer) {
  const auto envelope = run.read_answer<pages::ErrorEnvelope>(answer);
  if (!envelope || envelope->errors.empty()) return {answer.status, in_words(answer)};
  return envelope->errors[0];
}

Failure refusal(const pages::EnvelopeError& error) {
  constexpr int64_t least_code = 1000;
  const std::string code = error.code < least_code ? "" : concat(to_text(error.code), ": ");
  return failure(
      pages::meaning(error).code,
      concat("Cloudflare ", code, head(error.message, limits::upstream_words_bytes_max)));
}

}  // namespace slipway
