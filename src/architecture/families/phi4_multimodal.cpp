// Phi-4-multimodal without pictures and sounds: phi3, whose projections published files keep beside
// the adapters of the other modalities.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::phi4_multimodal {
namespace {

/// Names by which Microsoft's files know a projection that has adapters, and these.
void name_beside_adapters(Decoder& decoder, Linear& projection) {
  const std::string name = projection.weight.name.substr(0, projection.weight.name.rfind('.'));
  projection.weight.name = name + ".base_layer.weight";
  decoder.other_parts.push_back(name + ".lora_");
}

Decoder describe_phi4(const Config& config) {
  for (const auto key :
       {"audio_processor", "embd_layer", "img_processor", "speech_lora", "vision_lora"})
    config.mark_read(key);
  Decoder decoder =
      describe_as("phi3", config.with_defaults({{"num_key_value_heads", 8},
                                                {"original_max_position_embeddings", 4096}}));
  decoder.other_parts.push_back("model.embed_tokens_extend.");
  if (decoder.model_type != "phi4mm") return decoder;
  for (DecoderLayer& layer : decoder.layers) {
    auto& mlp = std::get<FusedGatedMlp>(layer.mlp->body);
    for (Linear* projection : {&std::get<FusedProjection>(layer.self_attn().projections).qkv_proj,
                               &layer.self_attn().o_proj, &mlp.gate_up_proj, &mlp.down_proj})
      name_beside_adapters(decoder, *projection);
  }
  return decoder;
}

}  // namespace

extern const Family family{.model_types = {"phi4_multimodal", "phi4mm"}, .describe = describe_phi4};

}  // namespace ovbake::phi4_multimodal
