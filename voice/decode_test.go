package voice

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
)

// sine of an amplitude and a frequency, in Hz, that lasts some seconds at a rate.
func sine(amplitude, frequency float64, rate int, seconds float64) []float32 {
	out := make([]float32, int(seconds*float64(rate)))
	for i := range out {
		out[i] = float32(amplitude * math.Sin(2*math.Pi*frequency*float64(i)/float64(rate)))
	}
	return out
}

// encode writes samples in any format we read, the same in every channel.
func encode(pcm []float32, f wavFormat) []byte {
	var b bytes.Buffer
	for _, v := range pcm {
		for range f.Channels {
			switch {
			case f.Tag == formatFloat:
				_ = binary.Write(&b, binary.LittleEndian, v)
			case f.Bits == 8:
				b.WriteByte(byte(int(math.Round(float64(v)*127)) + 128))
			default:
				whole := int64(math.Round(float64(v) * float64(int64(1)<<(f.Bits-1)-1)))
				b.Write(binary.LittleEndian.AppendUint64(nil, uint64(whole))[:f.Bits/8])
			}
		}
	}
	f.BlockAlign = f.Channels * f.Bits / 8
	f.ByteRate = f.Rate * uint32(f.BlockAlign)
	return canonicalWAV(f, b.Bytes())
}

func code(err error) advisory.Code {
	var e *advisory.Error
	errors.As(err, &e)
	if e == nil {
		return ""
	}
	return e.Code
}

// level of the middle half of some samples, in dB of a full-scale sine.
func level(pcm []float32) float64 {
	sum := 0.0
	middle := pcm[len(pcm)/4 : len(pcm)*3/4]
	for _, v := range middle {
		sum += float64(v) * float64(v)
	}
	return 10 * math.Log10(2*sum/float64(len(middle))+1e-20)
}

func TestDecodeWAVFormats(t *testing.T) {
	for _, rate := range []uint32{4000, 8000, 11025, 16000, 22050, 44100, 48000, 96000, 192000} {
		for _, f := range []wavFormat{
			{Tag: formatPCM, Channels: 1, Bits: 8}, {Tag: formatPCM, Channels: 2, Bits: 16}, {Tag: formatPCM, Channels: 1, Bits: 24},
			{Tag: formatPCM, Channels: 6, Bits: 32}, {Tag: formatFloat, Channels: 2, Bits: 32},
		} {
			f.Rate = rate
			pcm, err := Decode(encode(sine(0.5, 1000, int(rate), 0.5), f))
			if err != nil {
				t.Fatalf("%+v: %v", f, err)
			}
			if n := len(pcm); n < 7990 || n > 8010 {
				t.Errorf("%+v: %d samples of half a second", f, n)
			}
			if l := level(pcm); math.Abs(l+6.02) > 0.2 {
				t.Errorf("%+v: level %.2f dB, not -6.02", f, l)
			}
		}
	}
}

func TestDecodeExtensible(t *testing.T) {
	plain := encode(sine(0.5, 440, 16000, 0.1), wavFormat{Tag: formatPCM, Channels: 1, Rate: 16000, Bits: 16})
	extensible := append([]byte{}, plain[:16]...)
	extensible = binary.LittleEndian.AppendUint32(extensible, 40)
	extensible = binary.LittleEndian.AppendUint16(extensible, formatExtensible)
	extensible = append(extensible, plain[22:36]...)
	extensible = append(extensible, 22, 0, 16, 0, 4, 0, 0, 0, formatPCM, 0, 0, 0, 0, 0, 16, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71)
	extensible = append(extensible, "LIST\x03\x00\x00\x00odd\x00"...) // a chunk between, of odd size
	extensible = append(extensible, plain[36:]...)
	pcm, err := Decode(extensible)
	if err != nil || len(pcm) != 1600 {
		t.Fatalf("%d samples, %v", len(pcm), err)
	}
}

func TestDecodeLengthsThatLie(t *testing.T) {
	whole := EncodeWAV(sine(0.5, 440, SampleRate, 1), SampleRate)
	for name, claim := range map[string]uint32{"nothing": 0, "espeak-ng": 0x7ffff000, "ffmpeg": 0xffffffff, "double": 64000} {
		b := bytes.Clone(whole)
		binary.LittleEndian.PutUint32(b[40:], claim)
		if pcm, err := Decode(b); err != nil || len(pcm) != SampleRate {
			t.Errorf("%s: %d samples, %v", name, len(pcm), err)
		}
	}
	if pcm, err := Decode(whole[:len(whole)/2]); err != nil || len(pcm) < 7900 {
		t.Errorf("cut short: %d samples, %v", len(pcm), err)
	}
	if pcm, err := Decode(whole[:44]); err != nil || len(pcm) != 0 {
		t.Errorf("no samples: %d, %v", len(pcm), err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	wav := EncodeWAV(sine(0.5, 440, SampleRate, 0.1), SampleRate)
	with := func(at int, v byte) []byte { b := bytes.Clone(wav); b[at] = v; return b }
	for name, c := range map[string]struct {
		b    []byte
		want advisory.Code
	}{
		"nothing":       {nil, advisory.BadAudio},
		"text":          {[]byte("how do I make compost?"), advisory.BadAudio},
		"MP4":           {[]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00"), advisory.BadAudio},
		"RIFF only":     {[]byte("RIFF"), advisory.BadAudio},
		"AVI":           {[]byte("RIFF\x04\x00\x00\x00AVI LIST"), advisory.BadAudio},
		"no chunks":     {wav[:12], advisory.BadAudio},
		"no data":       {wav[:36], advisory.BadAudio},
		"ADPCM":         {with(20, 2), advisory.BadAudio},
		"no channel":    {with(22, 0), advisory.BadAudio},
		"12 bits":       {with(34, 12), advisory.BadAudio},
		"EBML only":     {[]byte{0x1a, 0x45, 0xdf, 0xa3}, advisory.BadAudio},
		"Ogg only":      {[]byte("OggS"), advisory.BadAudio},
		"one too large": {make([]byte, MaxBytes+1), advisory.TooLarge},
		"50 MB":         {make([]byte, 50<<20), advisory.TooLarge},
	} {
		if _, err := Decode(c.b); code(err) != c.want {
			t.Errorf("%s: %v, not %s", name, err, c.want)
		}
	}
}

func TestDecodeCutsLongRecordings(t *testing.T) {
	pcm, err := Decode(encode(make([]float32, 8000*100), wavFormat{Tag: formatPCM, Channels: 1, Rate: 8000, Bits: 8}))
	if err != nil || duration(len(pcm)) != MaxDuration {
		t.Fatalf("100 s became %v, %v", duration(len(pcm)), err)
	}
}

func TestDecodeOpus(t *testing.T) {
	for _, name := range []string{"question.webm", "question.ogg"} {
		b, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		pcm, err := Decode(b)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if s := duration(len(pcm)).Seconds(); s < 1.5 || s > 1.7 {
			t.Errorf("%s: %.2f s", name, s)
		}
		if len(Speech(pcm)) == 0 {
			t.Errorf("%s: no speech", name)
		}
	}
}

func TestDecodeWebMCutShort(t *testing.T) {
	b, err := os.ReadFile("testdata/question.webm")
	if err != nil {
		t.Fatal(err)
	}
	pcm, err := Decode(b[:len(b)/2])
	if s := duration(len(pcm)).Seconds(); err != nil || s < 0.5 {
		t.Errorf("%.2f s, %v", s, err)
	}
}

func TestDecodeMutants(t *testing.T) {
	webm, err := os.ReadFile("testdata/question.webm")
	if err != nil {
		t.Fatal(err)
	}
	ogg, err := os.ReadFile("testdata/question.ogg")
	if err != nil {
		t.Fatal(err)
	}
	wav := EncodeWAV(sine(0.5, 440, SampleRate, 0.1), SampleRate)
	random := rand.New(rand.NewPCG(1, 2))
	var before, after runtime.MemStats
	for i := range 1000 {
		b := bytes.Clone([][]byte{wav, wav[:200], webm, ogg}[i%4])
		for range 1 + random.IntN(8) {
			at := random.IntN(len(b))
			if random.IntN(2) == 0 {
				at = random.IntN(min(80, len(b))) // headers are where the harm is
			}
			b[at] = byte(random.UintN(256))
		}
		runtime.ReadMemStats(&before)
		start := time.Now()
		if _, err := Decode(b); err != nil && code(err) != advisory.BadAudio {
			t.Fatalf("mutant %d: %v", i, err)
		}
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 400<<20 || time.Since(start) > 10*time.Second {
			t.Fatalf("mutant %d: %d bytes allocated, %v", i, used, time.Since(start))
		}
	}
}

func TestDecodeWebMOfNothingBut(t *testing.T) {
	header := []byte{0x1a, 0x45, 0xdf, 0xa3, 0x80, 0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff} // Segment of unknown size
	for name, element := range map[string]string{
		"tracks":       "\x16\x54\xae\x6b\x82\xae\x80",
		"clusters":     "\x1f\x43\xb6\x75\x80",
		"empty blocks": "\x1f\x43\xb6\x75\x86\xa3\x84\x81\x00\x00\x00",
		"laced blocks": "\x1f\x43\xb6\x75\x88\xa3\x86\x81\x00\x00\x02\xff\x00",
		"nested":       "\x1f\x43\xb6\x75\x01\xff\xff\xff\xff\xff\xff\xff\xa0\x01\xff\xff\xff\xff\xff\xff\xff",
		"bytes":        "\x00",
	} {
		_, err := Decode(append(bytes.Clone(header), strings.Repeat(element, (MaxBytes-len(header))/len(element))...))
		if code(err) != advisory.BadAudio {
			t.Errorf("%s: %v", name, err)
		}
	}
	var after runtime.MemStats
	runtime.ReadMemStats(&after)
	if after.Sys > 400<<20 {
		t.Errorf("%d MB of memory", after.Sys>>20)
	}
}

func FuzzDecode(f *testing.F) {
	for _, name := range []string{"question.webm", "question.ogg"} {
		b, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add(EncodeWAV(sine(0.5, 440, 8000, 0.05), 8000))
	f.Add(encode(sine(0.5, 440, 44100, 0.01), wavFormat{Tag: formatFloat, Channels: 2, Rate: 44100, Bits: 32}))
	f.Fuzz(func(t *testing.T, b []byte) {
		pcm, err := Decode(b)
		if err != nil && code(err) != advisory.BadAudio && code(err) != advisory.TooLarge {
			t.Fatal(err)
		}
		if duration(len(pcm)) > MaxDuration+time.Second {
			t.Fatalf("%v of sound", duration(len(pcm)))
		}
		for _, v := range pcm {
			if v != v || v < -2 || v > 2 {
				t.Fatalf("sample %v", v)
			}
		}
		Speech(pcm)
	})
}

func TestEncodeWAVRoundTrip(t *testing.T) {
	in := sine(0.9, 300, SampleRate, 0.2)
	out, err := Decode(EncodeWAV(in, SampleRate))
	if err != nil || len(out) != len(in) {
		t.Fatalf("%d samples of %d, %v", len(out), len(in), err)
	}
	for i := range in {
		if math.Abs(float64(in[i]-out[i])) > 1.0/16384 {
			t.Fatalf("sample %d: %v became %v", i, in[i], out[i])
		}
	}
	clipped, err := Decode(EncodeWAV([]float32{3, -3, float32(math.NaN())}, SampleRate))
	if err != nil || clipped[0] < 0.99 || clipped[1] > -0.99 || clipped[2] != 0 {
		t.Fatalf("%v, %v", clipped, err)
	}
}

func TestResamplePassesSpeechAndStopsAliases(t *testing.T) {
	for _, from := range []int{8000, 11025, 22050, 32000, 44100, 48000, 96000, 192000} {
		nyquist := float64(min(from, SampleRate)) / 2
		for _, share := range []float64{0.02, 0.1, 0.3, 0.6, 0.8, 0.87} {
			if l := level(Resample(sine(1, share*nyquist, from, 0.4), from, SampleRate)); math.Abs(l) > 0.1 {
				t.Errorf("%d Hz: tone of %.0f Hz comes out at %.2f dB", from, share*nyquist, l)
			}
		}
		for _, f := range []float64{8010, 8500, 9000, 12000, 15900, 16100, 20000, 31000, 47000, 95000} {
			if f >= float64(from)/2 {
				break
			}
			if l := level(Resample(sine(1, f, from, 0.4), from, SampleRate)); l > -80 {
				t.Errorf("%d Hz: tone of %.0f Hz leaves an alias of %.1f dB", from, f, l)
			}
		}
	}
	// Going up, what is mirrored at the old Nyquist frequency is an alias too: all but the tone itself.
	tone := Resample(sine(1, 3000, 8000, 0.4), 8000, SampleRate)
	for i, v := range sine(1, 3000, SampleRate, 0.4) {
		tone[i] -= v
	}
	if l := level(tone); l > -80 {
		t.Errorf("8000 Hz: %.1f dB beside the tone", l)
	}
}

func BenchmarkDecodeWAV48kHz(b *testing.B) {
	wav := EncodeWAV(sine(0.5, 440, 48000, 5), 48000)
	for b.Loop() {
		if _, err := Decode(wav); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeWebM(b *testing.B) {
	webm, err := os.ReadFile("testdata/question.webm")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Decode(webm); err != nil {
			b.Fatal(err)
		}
	}
}
