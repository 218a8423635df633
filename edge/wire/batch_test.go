package wire_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"

	"jembe/advisory"
	"jembe/edge/linetest"
	"jembe/edge/wire"
)

const device, epoch = "k3v5q2mnaeb7xwzd", "p4t6ahzq"

func header(first int64) wire.Header {
	return wire.Header{Hub: "mz3kvpx2mjxexxr7", Device: device, Epoch: epoch, First: first, Version: "1.2.3", Waiting: 8900, Wall: 1790000100500, Boot: 3, Mono: 5, Nonce: "abcdefgh"}
}

func encode(t testing.TB, b wire.Batch) []byte {
	t.Helper()
	body, err := wire.EncodeBatch(b)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// wantBack checks that a batch comes back as it was.
func wantBack(t testing.TB, b wire.Batch) []byte {
	t.Helper()
	body := encode(t, b)
	back, err := wire.DecodeBatch(body)
	if err != nil {
		t.Fatal(err)
	}
	if len(back.Lines) != len(b.Lines) {
		t.Fatalf("%d lines, want %d", len(back.Lines), len(b.Lines))
	}
	for i, l := range back.Lines {
		if want := b.Lines[i]; !bytes.Equal(l.Body, want.Body) || l.Words != want.Words || !bytes.Equal(l.Salt, want.Salt) {
			t.Fatalf("line %d is %.900s %.900q %x\nwant %.900s %.900q %x", i, l.Body, l.Words, l.Salt, want.Body, want.Words, want.Salt)
		}
	}
	want := b.Header
	want.Line, want.Events = 1, len(b.Lines)
	if !reflect.DeepEqual(back.Header, want) {
		t.Fatalf("header %+v, want %+v", back.Header, want)
	}
	return body
}

// R4: at most 40 bytes an event, 60 with words, in batches of 100; and what a box drains 30 days with, at about 400 a request.
func TestBytesOfAnEvent(t *testing.T) {
	for _, c := range []struct {
		name  string
		words bool
		batch int
		most  float64
	}{{"100 without words", false, 100, 40}, {"100 with words", true, 100, 60}, {"400 without words", false, 400, 30}, {"400 with words", true, 400, 55}} {
		t.Run(c.name, func(t *testing.T) {
			v := linetest.New(7)
			v.Words = c.words
			lines, sent, plain := v.Lines(device, epoch, 1200), 0, 0
			for i := 0; i < len(lines); i += c.batch {
				sent += len(wantBack(t, wire.Batch{Header: header(int64(i + 1)), Lines: lines[i : i+c.batch]}))
				plain += len(zstdLines(t, lines[i:i+c.batch]))
			}
			each := float64(sent) / float64(len(lines))
			t.Logf("%.1f bytes an event; JSON lines by zstd alone take %.1f", each, float64(plain)/float64(len(lines)))
			if each > c.most {
				t.Errorf("%.1f bytes an event, want at most %.0f", each, c.most)
			}
		})
	}
}

// zstdLines is what the encoding is measured against.
func zstdLines(t *testing.T, lines []wire.Line) []byte {
	t.Helper()
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var b []byte
	for _, l := range lines {
		b = append(append(b, l.Body...), '\n')
		if l.Words != "" {
			b = fmt.Appendf(b, "%x %s\n", l.Salt, l.Words)
		}
	}
	return z.EncodeAll(b, nil)
}

// Lines of every make come back byte for byte: of other boxes, of newer programs, broken ones.
func TestUnusualLinesComeBackAsTheyAre(t *testing.T) {
	good := linetest.New(1).Lines(device, epoch, 3)
	b := wire.Batch{Header: header(1), Lines: []wire.Line{
		good[0],
		{Body: []byte(`{"device":"other","epoch":"p4t6ahzq","seq":2,"boot":0,"mono_ms":0,"wall_ms":0,"clock":"set","kind":"rating"}`)},
		{Body: bytes.Replace(good[2].Body, []byte(`"kind"`), []byte(`"later":{"x":1},"kind"`), 1)},
		{Body: []byte(`{"device":"k3v5q2mnaeb7xwzd", "epoch":"p4t6ahzq","seq":4,"kind":"x"}`)}, // a space more
		{Body: []byte("\x00\xff\nno event"), Words: "said all the same", Salt: []byte{1}},
		{Body: []byte{}},
		{Body: []byte(`{"device":"k3v5q2mnaeb7xwzd","epoch":"p4t6ahzq","seq":7,"boot":-9223372036854775808,"mono_ms":9223372036854775807,"wall_ms":-1,"clock":"","words_hash":"short","kind":"` +
			strings.Repeat("k", 5000) + `","answer":"UPPER","session":"Ab","timings_ms":{"decode":1e-300,"hear":0.1234567,"understand":1e300,"retrieve":-1.5,"evidence":0,"write":0,"guard":0,"speak":0,"total":0}}`)},
	}}
	for len(b.Lines) > 0 {
		wantBack(t, b)
		b.Lines = b.Lines[:len(b.Lines)-1]
	}
}

// Any event comes back byte for byte.
func TestAnyEventComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := wire.Batch{Header: header(rapid.Int64Range(1, 1<<40).Draw(t, "first"))}
		for i := range rapid.IntRange(0, 8).Draw(t, "events") {
			e := wire.Event{
				Device: device, Epoch: epoch, Seq: b.First + int64(i),
				Boot: rapid.Int64().Draw(t, "boot"), Mono: rapid.Int64().Draw(t, "mono"), Wall: rapid.Int64().Draw(t, "wall"),
				Clock: wire.Clock(rapid.SampledFrom([]string{"set", "synced", "odd"}).Draw(t, "clock")), WordsHash: rapid.String().Draw(t, "hash"),
				Event: advisory.Event{
					Kind: advisory.Kind(rapid.StringN(1, 9, -1).Draw(t, "kind")), Answer: rapid.String().Draw(t, "answer"), Session: rapid.String().Draw(t, "session"),
					Lang: advisory.Lang(rapid.String().Draw(t, "lang")), Concepts: rapid.SliceOf(rapid.SampledFrom([]string{"maize", "new", ""})).Draw(t, "concepts"),
					Fell: rapid.SliceOf(rapid.String()).Draw(t, "fell"),
				},
			}
			if rapid.Bool().Draw(t, "timed") {
				e.Timings = &advisory.Timings{Hear: rapid.Float64Range(-1e9, 1e9).Draw(t, "hear"), Total: float64(rapid.IntRange(0, 1e9).Draw(t, "total")) / 1000}
			}
			if rapid.Bool().Draw(t, "asked") {
				e.Consent = &advisory.Consent{Words: rapid.Bool().Draw(t, "words"), Voice: rapid.Bool().Draw(t, "voice")}
			}
			l := wire.Line{Words: rapid.String().Draw(t, "said")}
			if l.Words != "" {
				l.Salt = rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "salt")
				if rapid.Bool().Draw(t, "right") {
					e.WordsHash = wire.HashWords(l.Salt, l.Words)
				}
			}
			var err error
			if l.Body, err = wire.Canonical(e); err != nil {
				t.Fatal(err)
			}
			b.Lines = append(b.Lines, l)
		}
		body, err := wire.EncodeBatch(b)
		if err != nil {
			t.Fatal(err)
		}
		back, err := wire.DecodeBatch(body)
		if err != nil || len(back.Lines) != len(b.Lines) {
			t.Fatalf("%d lines, %v", len(back.Lines), err)
		}
		for i, l := range back.Lines {
			if want := b.Lines[i]; !bytes.Equal(l.Body, want.Body) || l.Words != want.Words || !bytes.Equal(l.Salt, want.Salt) {
				t.Fatalf("%s %q\nwant %s %q", l.Body, l.Words, want.Body, want.Words)
			}
		}
	})
}

// A batch that boxes have sent is read for ever. Add to the files; never change one.
func TestGoldenBatches(t *testing.T) {
	for _, file := range []string{"batch.bin", "batch-words.bin", "batch-empty.bin", "batch-odd.bin", "batch-words-2.bin"} {
		path := filepath.Join("testdata", "v1", file)
		golden, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		back, err := wire.DecodeBatch(golden)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		want, err := os.ReadFile(path + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		if got := describe(back); got != string(want) {
			t.Errorf("%s is read as\n%s\nwant\n%s", file, got, want)
		}
	}
}

// describe writes a batch out for comparison.
func describe(b wire.Batch) string {
	head, _ := json.Marshal(b.Header) // strings and numbers always have a JSON form
	s := string(head) + "\n"
	for _, l := range b.Lines {
		s += fmt.Sprintf("%s %x %s\n", l.Body, l.Salt, l.Words)
	}
	return s
}

func TestBrokenBatchesAreRefused(t *testing.T) {
	whole := encode(t, wire.Batch{Header: header(1), Lines: linetest.New(1).Lines(device, epoch, 50)})
	bomb, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	big := bomb.EncodeAll(make([]byte, 1<<30), nil)
	frame := func(z []byte) []byte {
		return append([]byte{2, byte(len(z)) | 0x80, byte(len(z)>>7) | 0x80, byte(len(z) >> 14)}, z...)
	}
	many := bomb.EncodeAll([]byte(`{"line":1,"first":1,"events":4097}`+"\n"), nil)
	for name, body := range map[string][]byte{
		"nothing": {}, "another encoding": append([]byte{9}, whole[1:]...), "no length": {1}, "cut in its frame": whole[:20], "bomb": frame(big),
		"too many": frame(many), "no header": frame(bomb.EncodeAll([]byte("{}\n"), nil)), "line of another version": frame(bomb.EncodeAll([]byte(`{"line":2,"first":1}`+"\n"), nil)),
	} {
		if b, err := wire.DecodeBatch(body); err == nil {
			t.Errorf("%s: read as %d lines", name, len(b.Lines))
		}
	}
}

func FuzzDecodeBatch(f *testing.F) {
	v := linetest.New(2)
	v.Words = true
	f.Add(encode(f, wire.Batch{Header: header(1), Lines: v.Lines(device, epoch, 5)}))
	f.Add(encode(f, wire.Batch{Header: header(1)}))
	f.Fuzz(func(t *testing.T, body []byte) {
		b, err := wire.DecodeBatch(body)
		if err != nil {
			return
		}
		size := 0
		for _, l := range b.Lines {
			size += len(l.Body) + len(l.Words)
		}
		if size > 16<<20 {
			t.Errorf("%d bytes became %d", len(body), size)
		}
		wantBack(t, b)
	})
}
