#include "filling/tensor_digests.hpp"

namespace ovbake {
namespace {

constexpr std::size_t kPieceBytes = 1 << 20;

}  // namespace

TensorDigests::TensorDigests(const CompressionPlan& plan, std::span<const Chunk> chunks,
                             const NewFile& bin)
    : plan_(plan), states_(plan.tensors.size()) {
  bool all_in_order = true;
  for (const Chunk& chunk : chunks) {
    State& state = states_[chunk.weight];
    state.in_order = state.in_order && chunk.ordinal == state.unwritten;
    state.unwritten += 1;
    all_in_order = all_in_order && state.in_order;
  }
  for (std::size_t i = 0; i < states_.size(); ++i) {
    if (states_[i].in_order) states_[i].hashes.resize(plan.tensors[i].constants.size());
  }
  if (!all_in_order) written_.emplace(File::open(bin.path()));
}

void TensorDigests::add_whole(std::size_t tensor, std::size_t constant,
                              std::span<const std::byte> bytes) {
  if (states_[tensor].in_order) states_[tensor].hashes[constant].update(bytes);
}

bool TensorDigests::wait_for_turn(State& state, const Chunk& chunk) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return given_up_ || state.next == chunk.ordinal; });
  return !given_up_;
}

std::optional<std::vector<Digest>> TensorDigests::add(
    const Chunk& chunk, std::span<const std::vector<std::byte>> constants) {
  State& state = states_[chunk.weight];
  if (state.in_order) {
    if (!wait_for_turn(state, chunk)) return std::nullopt;
    for (std::size_t i = 0; i < constants.size(); ++i) state.hashes[i].update(constants[i]);
  }
  {
    const std::lock_guard lock(mutex_);
    state.next += 1;
    state.unwritten -= 1;
    changed_.notify_all();
    if (state.unwritten > 0) return std::nullopt;
  }
  if (!state.in_order) return read_back(plan_.tensors[chunk.weight]);
  std::vector<Digest> digests;
  for (const Xxh3& hash : state.hashes) digests.push_back(hash.digest());
  return digests;
}

std::vector<Digest> TensorDigests::read_back(const PlannedTensor& tensor) const {
  std::vector<std::byte> buffer(kPieceBytes);
  std::vector<Digest> digests;
  for (const PlannedConstant& constant : tensor.constants) {
    const ByteRange range{constant.offset, constant.offset + constant.bytes};
    digests.push_back(xxh3_of(*written_, range, buffer));
  }
  return digests;
}

void TensorDigests::give_up() {
  const std::lock_guard lock(mutex_);
  given_up_ = true;
  changed_.notify_all();
}

}  // namespace ovbake
