// Gemma 3. Every sixth layer sees all, the others have a window and a rotary base of 10,000;
// neither stands in the file.
#include "source/gguf/architecture.hpp"

namespace ovbake::gemma3 {

extern const GgufArchitecture gguf{
    .name = "gemma3",
    .config =
        [](const GgufModel& model) {
          Json json = common_config(model, "gemma3_text", "Gemma3ForCausalLM");
          add_gemma_keys(json, model, 62);
          json["sliding_window_pattern"] = 6;
          json["rope_local_base_freq"] =
              model.metadata().number(model.key("rope.freq_base_swa"), 10'000.0);
          if (!model.has("rope.freq_base")) json["rope_theta"] = 1'000'000.0;
          return json;
        },
    .names = gemma_names,
    .added_to_norms = 1};

}  // namespace ovbake::gemma3
