// Half floats in vectors of f32 lanes, as base/half.hpp defines them. Included once for each
// instruction set (the include guard toggles), inside no namespace.
#if defined(OVBAKE_BASE_HALF_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef OVBAKE_BASE_HALF_INL
#undef OVBAKE_BASE_HALF_INL
#else
#define OVBAKE_BASE_HALF_INL
#endif

#include <cstdint>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ovbake::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using FloatTag = hn::ScalableTag<float>;
using WordTag = hn::RebindToUnsigned<FloatTag>;
using Floats = hn::Vec<FloatTag>;
using Words = hn::Vec<WordTag>;

/// f16 in the low halves of the words to f32. A NaN or infinity stays one.
HWY_INLINE Floats float_from_f16(Words half) {
  const FloatTag floats;
  const WordTag words;
  const auto magnitude = hn::And(half, hn::Set(words, 0x7fff));
  const auto sign = hn::ShiftLeft<16>(hn::Xor(half, magnitude));
  // The exponent's bias differs by 112; scaling, unlike adding, is right for subnormals too.
  const auto scaled = hn::BitCast(
      words, hn::Mul(hn::BitCast(floats, hn::ShiftLeft<13>(magnitude)), hn::Set(floats, 0x1p112F)));
  const auto special = hn::Gt(hn::BitCast(hn::RebindToSigned<WordTag>(), magnitude),
                              hn::Set(hn::RebindToSigned<WordTag>(), 0x7bff));
  const auto exponent =
      hn::IfThenElseZero(hn::RebindMask(words, special), hn::Set(words, 0x7f800000U));
  return hn::BitCast(floats, hn::Or(hn::Or(scaled, exponent), sign));
}

/// f32 to f16 bits in the low halves: nearest, ties to even. NaN becomes infinity.
HWY_INLINE Words f16_from_float(Floats value) {
  const FloatTag floats;
  const WordTag words;
  const hn::RebindToSigned<WordTag> signed_words;
  const auto bits = hn::BitCast(words, value);
  const auto magnitude = hn::And(bits, hn::Set(words, 0x7fffffff));
  const auto sign = hn::ShiftRight<16>(hn::Xor(bits, magnitude));

  const auto odd = hn::And(hn::ShiftRight<13>(magnitude), hn::Set(words, 1));
  const auto rebiased = hn::Sub(magnitude, hn::Set(words, (127U - 15U) << 23));
  const auto normal = hn::ShiftRight<13>(hn::Add(rebiased, hn::Add(hn::Set(words, 0xfff), odd)));
  // The unit in the last place of 0.5 is that of an f16 subnormal, so the addition rounds.
  const auto half = hn::Set(floats, 0.5F);
  const auto subnormal = hn::Sub(hn::BitCast(words, hn::Add(hn::BitCast(floats, magnitude), half)),
                                 hn::BitCast(words, half));

  const auto as_signed = hn::BitCast(signed_words, magnitude);
  const auto tiny = hn::RebindMask(words, hn::Lt(as_signed, hn::Set(signed_words, 0x38800000)));
  const auto huge = hn::RebindMask(words, hn::Gt(as_signed, hn::Set(signed_words, 0x477fefff)));
  const auto finite = hn::IfThenElse(tiny, subnormal, normal);
  return hn::Or(hn::IfThenElse(huge, hn::Set(words, 0x7c00), finite), sign);
}

/// f32 to bf16 bits in the low halves: nearest, ties to even. Not for NaN.
HWY_INLINE Words bf16_from_float(Floats value) {
  const WordTag words;
  const auto bits = hn::BitCast(words, value);
  const auto odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(words, 1));
  return hn::ShiftRight<16>(hn::Add(bits, hn::Add(hn::Set(words, 0x7fff), odd)));
}

}  // namespace ovbake::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
