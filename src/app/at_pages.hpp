// What several use cases ask of Cloudflare Pages and read from its answers.
#pragma once

#include "app/run.hpp"

namespace slipway {

/// The project out of an answer, with its envelope; nothing where the answer cannot be read or is
/// about another project than the one of that name, which was asked for.
template <class Envelope>
[[nodiscard]] std::optional<Envelope> read_project(Run& run, const Answer& answer,
                                                   std::string_view name) {
  auto envelope = run.read_answer<Envelope>(answer);
  if (envelope && envelope->result.name != name) envelope.reset();
  return envelope;
}

/// The account as requests name it.
[[nodiscard]] pages::Account account_at(const AccountRow& account);

/// The uploads of the site's project, asked for on behalf of its active deployment. Null while not
/// known; null for good where the site's account has no row, which is damage.
[[nodiscard]] const Answer* ask_uploads(Run& run, const SiteRow& site);

/// The error of a refusal; without an envelope, the answer's status as its code and in words.
[[nodiscard]] pages::EnvelopeError first_error(Run& run, const Answer& answer);

/// Our failure for that error: our code and Cloudflare's own words, cut short.
[[nodiscard]] Failure refusal(const pages::EnvelopeError& error);

}  // namespace slipway
