// Mistral Small 3.1 and Ministral 3 as they are published: a text model that another family
// describes, with a vision tower beside it.
#include "architecture/family.hpp"
#include "architecture/text_part.hpp"

namespace ovbake::mistral3 {

extern const Family family{
    .model_types = {"mistral3"}, .describe = [](const Config& root) {
      root.section("text_config");  // Without one this family would describe itself, forever.
      const Config text =
          text_part(root, {{"model_type", "mistral"}, {"tie_word_embeddings", true}});
      Decoder decoder = describe_as(text.text("model_type"), text);
      name_as_part(decoder, root);
      return decoder;
    }};

}  // namespace ovbake::mistral3
