// Stands in for miniaudio, which the archive of the server's Go module leaves out as everything below a folder called vendor.
// The server uses it only to read sound for models that hear; the tests have none, so every call fails.
#pragma once
#include <cstddef>
#include <cstdint>

using ma_result = int;
using ma_uint64 = std::uint64_t;
using ma_format = int;

struct ma_decoder {};
struct ma_decoder_config {};

constexpr ma_result MA_SUCCESS = 0;
constexpr ma_result MA_ERROR = -1;
constexpr ma_format ma_format_f32 = 5;

inline ma_decoder_config ma_decoder_config_init(ma_format, unsigned, unsigned) { return {}; }
inline ma_result ma_decoder_init_memory(const void *, std::size_t, const ma_decoder_config *, ma_decoder *) { return MA_ERROR; }
inline ma_result ma_decoder_get_length_in_pcm_frames(ma_decoder *, ma_uint64 *) { return MA_ERROR; }
inline ma_result ma_decoder_read_pcm_frames(ma_decoder *, void *, ma_uint64, ma_uint64 *) { return MA_ERROR; }
inline void ma_decoder_uninit(ma_decoder *) {}
