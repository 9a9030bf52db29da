// One thread puts items in, several work on them, one takes them out in the order in which they were put in.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

namespace reportedly {

/// At most `window` items are between `put` and `take`, so memory is bounded by the longest of them. `put` by one thread, `take` by
/// one thread, `work` by any number.
template <class Item>
class OrderedPipeline {
 public:
  explicit OrderedPipeline(size_t window) : ring_(window) {}

  /// Waits for room. `needs_work`: a worker gets it first. False when aborted: the item is dropped.
  bool put(Item item, bool needs_work) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return aborted_ || put_ < taken_ + ring_.size(); });
    if (aborted_) return false;
    Slot& slot = ring_[put_ % ring_.size()];
    slot.item = std::move(item);
    slot.ready = !needs_work;
    if (needs_work) {
      waiting_.push_back(put_);
      work_.notify_one();
    }
    ++put_;
    ready_.notify_one();
    return true;
  }
  /// No more items come.
  void close() {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
    work_.notify_all();
    ready_.notify_all();
  }
  /// Everybody goes home; what is inside is dropped.
  void abort() {
    const std::scoped_lock lock(mutex_);
    aborted_ = closed_ = true;
    work_.notify_all();
    ready_.notify_all();
    room_.notify_all();
  }
  /// Runs `f(item)` on items until there are no more.
  template <class Work>
  void work(Work f) {
    for (;;) {
      size_t index = 0;
      {
        std::unique_lock lock(mutex_);
        work_.wait(lock, [&] { return aborted_ || closed_ || !waiting_.empty(); });
        if (aborted_ || waiting_.empty()) return;
        index = waiting_.front();
        waiting_.pop_front();
      }
      Slot& slot = ring_[index % ring_.size()];  // nobody else looks at it before it is ready
      f(*slot.item);
      const std::scoped_lock lock(mutex_);
      slot.ready = true;
      ready_.notify_one();
    }
  }
  enum class Taken : uint8_t { item, nothing_yet, end };
  /// The next item in order, or nothing yet after `wait`, or the end.
  Taken take(std::optional<Item>& out, std::chrono::milliseconds wait) {
    std::unique_lock lock(mutex_);
    const auto next_ready = [&] { return taken_ < put_ && ring_[taken_ % ring_.size()].ready; };
    ready_.wait_for(lock, wait, [&] { return aborted_ || next_ready() || (closed_ && taken_ == put_); });
    if (aborted_ || (closed_ && taken_ == put_)) return Taken::end;
    if (!next_ready()) return Taken::nothing_yet;
    Slot& slot = ring_[taken_ % ring_.size()];
    out = std::move(slot.item);
    slot = {};
    ++taken_;
    room_.notify_one();
    return Taken::item;
  }

 private:
  struct Slot {
    std::optional<Item> item;
    bool ready = false;
  };
  std::mutex mutex_;
  std::condition_variable room_, work_, ready_;
  std::vector<Slot> ring_;
  std::deque<size_t> waiting_;
  size_t put_ = 0, taken_ = 0;
  bool closed_ = false, aborted_ = false;
};

}  // namespace reportedly
