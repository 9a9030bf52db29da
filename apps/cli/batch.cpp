#include "batch.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <vector>

namespace reportedly::cli {
namespace {

/// A counter for people who wait, on standard error, only where that is a terminal and the results go elsewhere.
class Progress {
 public:
  explicit Progress(bool wanted) : wanted_(wanted), start_(Clock::now()), last_(start_) {}
  ~Progress() { clear(); }
  void clear() {
    if (shown_) std::fputs("\r\x1b[K", stderr);
    shown_ = false;
  }
  void update(size_t documents, size_t bytes, size_t failed) {
    const auto now = Clock::now();
    if (!wanted_ || now - start_ < std::chrono::seconds(2) || now - last_ < std::chrono::milliseconds(200)) return;
    last_ = now;
    const double seconds = std::chrono::duration<double>(now - start_).count();
    std::string line = fmt::format("\r\x1b[K{} documents, {:.1f} MB, {:.1f} documents/s", documents, static_cast<double>(bytes) / 1e6,
                                   static_cast<double>(documents) / seconds);
    if (failed) line += fmt::format(", {} failed", failed);
    std::fputs(line.c_str(), stderr);
    std::fflush(stderr);
    shown_ = true;
  }

 private:
  using Clock = std::chrono::steady_clock;
  bool wanted_, shown_ = false;
  Clock::time_point start_, last_;
};

/// Results wait in a ring until all earlier ones are written. A worker may begin document i only when document i − window is
/// written; the oldest unfinished document always has a worker that waits for nobody, so this cannot lock up.
class Batch {
 public:
  Batch(Reader& reader, unsigned threads, Sink& sink, const std::function<Outcome(DocumentInput&&, EngineWorkspace&)>& work,
        const std::function<std::string(const Error&)>& refuse, const std::function<bool(Outcome&&)>& put)
      : reader_(reader),
        put_(put ? put : [&sink](Outcome&& outcome) { return sink.write(outcome.text); }),
        work_(work),
        refuse_(refuse),
        progress_(isatty(2) == 1 && !sink.is_terminal()),
        ring_(size_t{2} * threads) {}

  void worker() {
    EngineWorkspace workspace;
    for (;;) {
      size_t index = 0;
      std::optional<Result<DocumentInput>> next;
      {
        std::unique_lock lock(reading_);
        if (!ended_) {
          std::unique_lock room(writing_);
          written_more_.wait(room, [&] { return begun_ < written_ + ring_.size() || full_; });
          ended_ = ended_ || full_ || stopped();
        }
        if (ended_) return;
        next = reader_.next();
        // An interrupted read is no fault of the file.
        if (!next || (!*next && stopped())) {
          ended_ = true;
          return;
        }
        index = begun_++;
      }
      Outcome outcome;
      if (*next) {
        const size_t bytes = (*next)->text.size();
        const std::string origin = (*next)->origin;
        try {
          outcome = work_(std::move(**next), workspace);
        } catch (const std::bad_alloc&) {
          outcome = {};
          outcome.error =
              Error{ErrorCode::internal, "not enough memory for this document's record; split it, or use fewer threads", origin};
          outcome.text = refuse_(*outcome.error);
        } catch (const std::exception& e) {
          outcome.error = Error{ErrorCode::internal, fmt::format("unexpected fault: {}", e.what()), origin};
          outcome.text = refuse_(*outcome.error);
        }
        outcome.bytes = bytes;
      } else {
        outcome.text = refuse_(next->error());
        outcome.error = next->error();
      }
      hand_in(index, std::move(outcome), next->has_value());
    }
  }

  BatchCounts counts() const { return counts_; }

 private:
  struct Slot {
    std::optional<Outcome> outcome;
    bool document = false;
  };

  void hand_in(size_t index, Outcome&& outcome, bool document) {
    std::unique_lock lock(writing_);
    ring_[index % ring_.size()] = {std::move(outcome), document};
    while (ring_[written_ % ring_.size()].outcome) {
      Slot slot = std::exchange(ring_[written_ % ring_.size()], {});
      ++written_;
      ++counts_.inputs;
      counts_.documents += slot.document;
      if (slot.outcome->error) {
        counts_.bad_lines += !slot.document && slot.outcome->error->code == ErrorCode::bad_format;
        ++counts_.failed;
        progress_.clear();
        say(*slot.outcome->error);
      }
      bytes_ += slot.outcome->bytes;
      if (!full_ && !put_(std::move(*slot.outcome))) full_ = true;
      progress_.update(written_, bytes_, counts_.failed);
    }
    written_more_.notify_all();
  }

  Reader& reader_;
  const std::function<bool(Outcome&&)> put_;
  const std::function<Outcome(DocumentInput&&, EngineWorkspace&)>& work_;
  const std::function<std::string(const Error&)>& refuse_;

  std::mutex reading_;  // reader_, ended_, begun_; taken before writing_
  bool ended_ = false;
  size_t begun_ = 0;

  std::mutex writing_;  // all below
  std::condition_variable written_more_;
  Progress progress_;
  std::vector<Slot> ring_;
  size_t written_ = 0, bytes_ = 0;
  bool full_ = false;
  BatchCounts counts_;
};

}  // namespace

BatchCounts run_batch(Reader& reader, unsigned threads, Sink& sink, const std::function<Outcome(DocumentInput&&, EngineWorkspace&)>& work,
                      const std::function<std::string(const Error&)>& refuse, const std::function<bool(Outcome&&)>& put) {
  Batch batch(reader, threads, sink, work, refuse, put);
  std::vector<std::jthread> others;
  for (unsigned i = 1; i < threads; ++i) try {
      others.emplace_back([&batch] { batch.worker(); });
    } catch (const std::system_error&) {  // no more threads, or no memory for their stacks: the work is done by those there are
      break;
    }
  batch.worker();
  others.clear();  // waits for them
  return batch.counts();
}

}  // namespace reportedly::cli
