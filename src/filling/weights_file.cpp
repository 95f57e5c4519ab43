#include "filling/weights_file.hpp"

#include <algorithm>
#include <sstream>
#include <vector>

#include "base/error.hpp"
#include "base/folder.hpp"
#include "base/parallel_for.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxJournalBytes = 64 << 20;
constexpr std::size_t kPieceBytes = 1 << 20;

/// The first line of a journal: its bake, and the .bin that it speaks of, which is told from the
/// one of an older output that was put aside under the same name.
Digest first_line(const std::string& bake, const std::string& bin_identity) {
  Xxh3 hash;
  for (const std::string& text : {bake, bin_identity}) hash.update(std::as_bytes(std::span(text)));
  return hash.digest();
}

/// What the journal at `path` claims, up to its first line that makes no sense.
Digests read_claims(const fs::path& path, const Digest& expected, const CompressionPlan& plan) {
  Digests claims(plan.tensors.size());
  if (!is_there(path)) return claims;
  std::istringstream lines(read_text(path, kMaxJournalBytes));
  std::string line;
  if (!std::getline(lines, line) || line != expected) return claims;
  while (std::getline(lines, line) && !lines.eof()) {
    std::istringstream words(line);
    std::size_t tensor = 0;
    if (!(words >> tensor) || tensor >= claims.size()) break;
    std::vector<Digest> digests;
    for (Digest digest; words >> digest;) digests.push_back(digest);
    if (digests.size() != plan.tensors[tensor].constants.size()) break;
    claims[tensor] = std::move(digests);
  }
  return claims;
}

/// The tensors that a killed bake has left whole.
Digests find_finished(const WeightsFile::Place& place, const CompressionPlan& plan,
                      unsigned threads) {
  if (!is_there(place.bin)) return Digests(plan.tensors.size());
  const File bin = File::open(place.bin);
  Digests claims = read_claims(place.journal, first_line(place.bake, bin.identity()), plan);
  std::vector<std::vector<std::byte>> buffers(threads);
  parallel_for(claims.size(), threads, [&](std::size_t tensor, unsigned worker) {
    buffers[worker].resize(kPieceBytes);
    for (std::size_t i = 0; i < claims[tensor].size(); ++i) {
      const PlannedConstant& constant = plan.tensors[tensor].constants[i];
      const ByteRange range{constant.offset, constant.offset + constant.bytes};
      const bool there = range.end <= bin.size();
      if (there && xxh3_of(bin, range, buffers[worker]) == claims[tensor][i]) continue;
      claims[tensor].clear();
      return;
    }
  });
  return claims;
}

NewFile create_anew(const fs::path& path) {
  remove_tree(path);
  return NewFile::create(path);
}

}  // namespace

// A file in which nothing is finished may be that of an old output, which somebody may have mapped;
// and a journal is begun anew because its last line may be torn.
WeightsFile::WeightsFile(const Place& place, const CompressionPlan& plan, unsigned threads)
    : plan_(plan),
      finished_(find_finished(place, plan, threads)),
      bin_(finished_count() > 0 ? NewFile::take_over(place.bin, plan.weight_bytes)
                                : create_anew(place.bin)),
      journal_(create_anew(place.journal)) {
  bin_.preallocate(plan.weight_bytes);
  append(first_line(place.bake, bin_.identity()));
  for (const PlannedTensor& tensor : plan.tensors) {
    const std::vector<Digest>& digests = finished_[plan.index_by_name.at(tensor.tensor.name)];
    if (!digests.empty()) add_finished(tensor, digests);
  }
}

std::size_t WeightsFile::finished_count() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      finished_, [](const std::vector<Digest>& digests) { return !digests.empty(); }));
}

void WeightsFile::add_finished(const PlannedTensor& tensor, std::span<const Digest> digests) {
  append(fmt::format("{} {}", plan_.index_by_name.at(tensor.tensor.name), fmt::join(digests, " ")));
}

void WeightsFile::append(const std::string& line) {
  const std::string text = line + "\n";
  journal_.write(journal_bytes_, std::as_bytes(std::span(text)));
  journal_bytes_ += text.size();
}

}  // namespace ovbake
