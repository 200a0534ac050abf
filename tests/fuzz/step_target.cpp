// The whole core through its door: whatever users and upstreams write, it answers with a frame that
// says need, act or done, twice the same. Where a row is damaged it may stop, and nothing else.
#include <sanitizer/allocator_interface.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string>

#include "app/control.hpp"
#include "c/door.h"
#include "sound.hpp"
#include "targets.hpp"
#include "wire/frame.hpp"
#include "wire/json_fault.hpp"
#include "wire/json_read.hpp"

namespace slipway::fuzz {
namespace {

sigjmp_buf stopped;
bool may_stop = false;

/// What a step that may stop holds of the heap: it is freed by hand when the step stops.
std::array<const volatile void*, 65536> made;
size_t made_count = 0;

void note_made(const volatile void* pointer, size_t) {
  if (may_stop && made_count < made.size()) made[made_count++] = pointer;
}

void note_freed(const volatile void* pointer) {
  if (!may_stop || pointer == nullptr) return;
  for (size_t i = made_count; i-- > 0;) {
    if (made[i] != pointer) continue;
    made[i] = made[--made_count];
    return;
  }
}

void on_stop(int) { siglongjmp(stopped, 1); }

/// While it lives the core may stop: its signals are not libFuzzer's.
class MayStop {
 public:
  MayStop() {
    static const int installed = __sanitizer_install_malloc_and_free_hooks(note_made, note_freed);
    (void)installed;
    struct sigaction action = {};
    action.sa_handler = on_stop;
    (void)sigaction(SIGILL, &action, &trap_);
    (void)sigaction(SIGABRT, &action, &abort_);
    made_count = 0;
    may_stop = true;
  }
  ~MayStop() {
    may_stop = false;
    (void)sigaction(SIGILL, &trap_, nullptr);
    (void)sigaction(SIGABRT, &abort_, nullptr);
  }
  MayStop(const MayStop&) = delete;
  MayStop& operator=(const MayStop&) = delete;

 private:
  struct sigaction trap_ = {};
  struct sigaction abort_ = {};
};

std::string step_once(std::string_view frame) {
  const auto size = static_cast<uint32_t>(frame.size());
  uint8_t* input = core_input(size);
  if (size > 0) std::memcpy(input, frame.data(), size);
  const uint32_t answer = core_step(size);
  return {reinterpret_cast<const char*>(core_output()), answer};
}

/// The answer, or nothing where the core stopped.
std::optional<std::string> step_that_may_stop(std::string_view frame) {
  const auto size = static_cast<uint32_t>(frame.size());
  uint8_t* input = core_input(size);
  if (size > 0) std::memcpy(input, frame.data(), size);
  volatile bool answered = false;
  volatile uint32_t answer = 0;
  {
    const MayStop guard;
    if (sigsetjmp(stopped, 1) == 0) {
      answer = core_step(size);
      answered = true;
    }
  }
  if (answered) return std::string(reinterpret_cast<const char*>(core_output()), answer);
  for (size_t i = 0; i < made_count; ++i) std::free(const_cast<void*>(made[i]));
  return std::nullopt;
}

// What goes out.

bool is_clean(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c != '\x7f'; });
}

void hold_headers(const Map<std::string>& headers) {
  for (const auto& [name, value] : headers.members) {
    hold(!name.empty() && is_clean(name) && name.find_first_of(" :") == std::string::npos, "name");
    hold(is_clean(value), "a header is one line");
  }
}

/// A path goes where it is meant to, whatever stands in the texts that it is made of.
void hold_path(std::string_view path) {
  hold(path.starts_with('/') && is_clean(path), "a path is one line that begins with a slash");
  hold(path.find_first_of(" #\\\"<>") == std::string_view::npos, "and a path alone");
  std::string_view rest = path.substr(0, path.find('?'));
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::string_view part = rest.substr(0, rest.find('/'));
    hold(part != "." && part != "..", "that does not climb");
    rest.remove_prefix(part.size());
  }
}

class Output {
 public:
  Output(std::string_view frame, const InputFrame* input) : input_(input) {
    auto segments = read_frame(frame);
    hold(segments.has_value(), "the output is a frame");
    segments_ = *std::move(segments);
    JsonReader reader;
    const PaddedText text(segments_[0]);
    const bool read = reader.read(text.view(), Strictness::strict, control_).ok();
    hold(read, "its control document is one");
  }

  void check() const {
    const int ways = int{control_.need.has_value()} + int{control_.act.has_value()} +
                     int{control_.done.has_value()};
    hold(ways == 1, "need, act or done");
    if (control_.need) check_need(*control_.need);
    if (control_.act) {
      if (control_.act->commit) check_commit(*control_.act->commit);
      check_request(control_.act->request);
      hold(!is_known(control_.act->key), "what was done is not done again");
    }
    if (!control_.done) return;
    if (control_.done->commit) check_commit(*control_.done->commit);
    if (control_.done->reply) check_reply(*control_.done->reply);
  }

 private:
  [[nodiscard]] bool is_known(std::string_view key) const {
    return input_ != nullptr && std::any_of(input_->facts.begin(), input_->facts.end(),
                                            [&](const auto& fact) { return fact.key == key; });
  }
  void check_segment(int64_t number) const {
    hold(number >= 1 && static_cast<size_t>(number) < segments_.size(), "a segment is there");
  }
  void check_json(int64_t number) const {
    check_segment(number);
    // An event is written as it was stored, damage and all.
    if (input_ == nullptr) return;
    hold(json_fault(segments_[static_cast<size_t>(number)]).empty(), "and is JSON");
  }
  void check_need(const std::vector<NeedDocument>& needs) const {
    hold(!needs.empty(), "a need asks for something");
    for (const NeedDocument& need : needs) {
      hold(!is_known(need.key), "nothing is asked twice");
      const auto same = [&](const NeedDocument& other) { return other.key == need.key; };
      hold(std::count_if(needs.begin(), needs.end(), same) == 1, "nor in one round");
      if (need.request) check_request(*need.request);
    }
  }
  void check_request(const RequestDocument& request) const {
    if (request.segment) check_segment(*request.segment);
    hold(request.timeout_ms > 0 && request.body_max >= 0, "a request has bounds");
    if (input_ == nullptr) return;
    hold_path(request.path);
    hold_headers(request.headers);
  }
  void check_commit(const CommitDocument& commit) const {
    if (commit.journal) check_json(*commit.journal);
    if (commit.journal_cuts) check_json(*commit.journal_cuts);
    for (const auto& rows : commit.rows.value_or(std::vector<RowsDocument>())) {
      check_json(rows.segment);
    }
    for (const auto& ids : commit.deletes.value_or(std::vector<DeletesDocument>())) {
      check_json(ids.segment);
    }
    for (const auto& ids : commit.removed.value_or(std::vector<RemovedDocuments>())) {
      check_json(ids.segment);
    }
    for (const auto& one : commit.documents.value_or(std::vector<StoredDocument>())) {
      check_segment(one.segment);
    }
    for (const auto& one : commit.seals.value_or(std::vector<SealDocument>())) {
      check_segment(one.segment);
    }
  }
  void check_reply(const ReplyDocument& reply) const {
    hold(reply.status >= 200 && reply.status < 600, "a reply has a status");
    check_segment(reply.segment);
    if (input_ != nullptr) hold_headers(reply.headers);
    for (const auto& [name, value] : reply.headers.members) {
      if (name == "content-type" && value.find("json") != std::string::npos) {
        check_json(reply.segment);
      }
    }
  }

  const InputFrame* input_;  ///< of a sound frame; else null
  std::vector<std::string_view> segments_;
  OutputFrame control_;
};

}  // namespace

void step_target(std::string_view bytes) {
  const auto segments = read_frame(bytes);
  const auto control = segments ? read_control(*segments) : std::nullopt;
  if (control && is_sound(*control, *segments)) {
    const std::string answer = step_once(bytes);
    Output(answer, &*control).check();
    hold(step_once(bytes) == answer, "the same frame has the same answer");
    return;
  }
  const auto answer = step_that_may_stop(bytes);
  hold(!answer || (segments && control), "only frames are answered");
  if (!answer) return set_aside();
  Output(*answer, nullptr).check();
  hold(step_that_may_stop(bytes) == answer, "the same frame has the same answer");
}

}  // namespace slipway::fuzz
