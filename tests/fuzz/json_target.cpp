// The JSON reader over real field tables: bodies, rows, answers of upstreams, the frames' control.
#include <array>
#include <string>

#include "app/bodies.hpp"
#include "app/config_bodies.hpp"
#include "app/control.hpp"
#include "app/org_bodies.hpp"
#include "app/provision_bodies.hpp"
#include "domain/batch.hpp"
#include "domain/config_import.hpp"
#include "domain/org.hpp"
#include "domain/site.hpp"
#include "domain/ts_literal.hpp"
#include "targets.hpp"
#include "upstream/github.hpp"
#include "upstream/pages_git.hpp"
#include "wire/json_fault.hpp"
#include "wire/json_read.hpp"
#include "wire/json_write.hpp"

namespace slipway::fuzz {
namespace {

void hold_outcome(const ReadOutcome& outcome) {
  hold(outcome.malformed != outcome.problem.empty(), "malformed has a reason, the rest has none");
  hold(!outcome.malformed || outcome.issues.empty() || !outcome.ok(), "malformed is not read");
  for (const Issue& issue : outcome.issues) {
    hold(issue.pointer.empty() || issue.pointer[0] == '/', "a fault has a JSON Pointer");
    hold(!issue.code.empty() && !issue.detail.empty(), "a fault has a code and words");
  }
}

/// What the document says, written, is read strictly and written the same again.
template <class T>
void hold_round_trip(JsonReader& reader, const T& value) {
  const std::string json = to_json(value);
  hold(json_fault(json).empty(), "what is written is JSON");
  const PaddedText text(json);
  T again;
  hold(reader.read(text.view(), Strictness::strict, again).ok(), "what is written is read");
  hold(to_json(again) == json, "and is the same");
}

template <class T>
void read_as(std::string_view bytes) {
  JsonReader reader;
  const PaddedText text(bytes);
  T strict;
  T lenient;
  const ReadOutcome first = reader.read(text.view(), Strictness::strict, strict);
  const ReadOutcome second = reader.read(text.view(), Strictness::lenient, lenient);
  hold_outcome(first);
  hold_outcome(second);
  if (first.ok()) {
    hold(json_fault(bytes).empty(), "what is read without fault is JSON");
    hold(second.ok(), "lenient takes what strict takes");
    hold(to_json(lenient) == to_json(strict), "and reads the same");
    hold_round_trip(reader, strict);
  }
  T fresh;
  JsonReader other;
  const ReadOutcome repeated = other.read(text.view(), Strictness::strict, fresh);
  hold(repeated.ok() == first.ok() && repeated.problem == first.problem &&
           repeated.issues.size() == first.issues.size(),
       "a reader keeps nothing from one document to the next");
  hold(to_json(fresh) == to_json(strict), "nor a value");
}

constexpr std::array readings = {
    read_as<PlatformCreateBody>,
    read_as<ConfigWriteBody>,
    read_as<ReportBody>,
    read_as<ClaimBody>,
    read_as<OrgPutBody>,
    read_as<ProvisionBody>,
    read_as<SiteRow>,
    read_as<BatchRow>,
    read_as<OrgRow>,
    read_as<SiteEvent>,
    read_as<github::RunPage>,
    read_as<pages::ConnectedEnvelope>,
    read_as<InputFrame>,
    read_as<OutputFrame>,
};

}  // namespace

void json_target(std::string_view bytes) {
  if (bytes.empty()) return;
  // A letter chooses, so that seeds are text: `a` is the first table.
  const auto choice = static_cast<unsigned char>(bytes[0] - 'a') % readings.size();
  readings[choice](bytes.substr(1));
}

}  // namespace slipway::fuzz
