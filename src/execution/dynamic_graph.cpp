#include "execution/dynamic_graph.hpp"

#include <algorithm>
#include <numeric>

namespace ovbake {

DynamicGraph::DynamicGraph(ov::Core& core, const std::filesystem::path& xml,
                           const std::string& device, const Properties& properties)
    : request_(compile(core, xml, device, properties).create_infer_request()) {}

std::span<const float> DynamicGraph::prefill(std::span<const std::int64_t> tokens) {
  request_.reset_state();
  length_ = 0;
  return run(tokens);
}

std::span<const float> DynamicGraph::next(std::int64_t token) { return run({&token, 1}); }

std::span<const float> DynamicGraph::run(std::span<const std::int64_t> tokens) {
  const std::size_t total = length_ + tokens.size();
  ov::Tensor ids(ov::element::i64, {1, tokens.size()});
  ov::Tensor positions(ov::element::i64, {1, tokens.size()});
  ov::Tensor mask(ov::element::i64, {1, total});
  ov::Tensor beam(ov::element::i32, {1});
  std::ranges::copy(tokens, ids.data<std::int64_t>());
  std::iota(positions.data<std::int64_t>(), positions.data<std::int64_t>() + tokens.size(),
            static_cast<std::int64_t>(length_));
  std::fill_n(mask.data<std::int64_t>(), total, 1);
  beam.data<std::int32_t>()[0] = 0;
  request_.set_tensor("input_ids", ids);
  request_.set_tensor("position_ids", positions);
  request_.set_tensor("attention_mask", mask);
  request_.set_tensor("beam_idx", beam);
  infer(request_);
  length_ = total;
  return last_logits(request_);
}

}  // namespace ovbake
