package wire_test

import (
	"bytes"
	"encoding/hex"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"jembe/advisory"
	"jembe/edge/wire"
)

// goldens are events of every kind in use. Add to them; never change one: boxes in the field hold such bytes.
var goldens = []struct {
	file  string
	event wire.Event
}{
	{"question.json", wire.Event{
		Device: "k3v5q2mnaeb7xwzd", Epoch: "p4t6ahzq", Seq: 1, Boot: 3, Mono: 812345, Wall: 1790000000123, Clock: wire.ClockSet,
		WordsHash: "3q2-7wAAAAAAAAAAAAAAAA",
		Event: advisory.Event{
			Kind: advisory.KindQuestion, Answer: "mfzwizltoqqgs4dp", Session: "s-1", Lang: "sw", Channel: advisory.ByVoice,
			Outcome: advisory.Answered, Tier: advisory.Prepared, Concepts: []string{"maize", "fall-armyworm"},
			Documents: []string{"maize-fall-armyworm"}, Packs: []string{"starter@1"}, Fell: []string{"quoted:number"},
			Timings: &advisory.Timings{Decode: 1.5, Hear: 200, Understand: 0.125, Total: 231.75},
			Gender:  advisory.Woman, Consent: &advisory.Consent{Words: true},
		},
	}},
	{"refused.json", wire.Event{
		Device: "k3v5q2mnaeb7xwzd", Epoch: "p4t6ahzq", Seq: 2, Boot: 3, Mono: 900000, Wall: 86400000, Clock: wire.ClockUnknown,
		Event: advisory.Event{
			Kind: advisory.KindQuestion, Answer: "onxw2zjamnuw45dt", Lang: "hi", Channel: advisory.ByText,
			Outcome: advisory.Refused, Reason: advisory.OffTopic, Timings: &advisory.Timings{Total: 0.4}, Consent: &advisory.Consent{},
		},
	}},
	{"rating.json", wire.Event{
		Device: "k3v5q2mnaeb7xwzd", Epoch: "p4t6ahzq", Seq: 3, Boot: 4, Mono: 5, Wall: 1790000100000, Clock: wire.ClockSynced,
		Event: advisory.Event{Kind: advisory.KindRating, Answer: "mfzwizltoqqgs4dp", Session: "s-1", Rating: advisory.ThumbUp},
	}},
	{"escalation.json", wire.Event{
		Device: "k3v5q2mnaeb7xwzd", Epoch: "p4t6ahzq", Seq: 4, Boot: 4, Mono: 6, Wall: 1790000100500, Clock: wire.ClockSynced,
		Event: advisory.Event{Kind: advisory.KindEscalation, Answer: "mfzwizltoqqgs4dp", Session: "s-1"},
	}},
	{"word.json", wire.Event{
		Device: "k3v5q2mnaeb7xwzd", Epoch: "p4t6ahzq", Seq: 5, Boot: 4, Mono: 7, Wall: 1790000101000, Clock: wire.ClockSynced,
		Event: advisory.Event{Kind: advisory.KindWord, Word: &advisory.WordChange{
			LocalWord: advisory.LocalWord{Name: "mchokoo", Concept: "fall-armyworm", Lang: "sw"}, Removed: true,
		}},
	}},
}

func TestCanonicalBytesAreGolden(t *testing.T) {
	var before wire.Hash
	for i, g := range goldens {
		want, err := os.ReadFile(filepath.Join("testdata", "v1", g.file))
		if err != nil {
			t.Fatal(err)
		}
		got, err := wire.Canonical(g.event)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, bytes.TrimSuffix(want, []byte("\n"))) {
			t.Errorf("%s:\n got %s\nwant %s", g.file, got, want)
		}
		parsed, err := wire.Parse(got)
		if err != nil || !reflect.DeepEqual(parsed, g.event) {
			t.Errorf("%s: parsed %+v, %v; want %+v", g.file, parsed, err, g.event)
		}
		if i < 4 {
			before = wire.Link(before, got)
		}
	}
	want, err := os.ReadFile(filepath.Join("testdata", "v1", "chain.hex"))
	if err != nil {
		t.Fatal(err)
	}
	if got := hex.EncodeToString(before[:]); got != strings.TrimSpace(string(want)) {
		t.Errorf("hash of the first four events in a chain is %s, want %s", got, want)
	}
}

// An event that is recorded again says the same at another place; a line of other bytes is no event at that place.
func TestContentHasNoPlace(t *testing.T) {
	for _, g := range goldens {
		here, err := wire.Canonical(g.event)
		if err != nil {
			t.Fatal(err)
		}
		moved := g.event
		moved.Epoch, moved.Seq = "aaaaaaaa", 1234
		there, err := wire.Canonical(moved)
		if err != nil {
			t.Fatal(err)
		}
		content := wire.Content(g.event.Device, g.event.Epoch, g.event.Seq, here)
		if !bytes.HasPrefix(content, []byte(`"boot":`)) || !bytes.Equal(content, wire.Content(moved.Device, moved.Epoch, moved.Seq, there)) {
			t.Errorf("%s: %s, moved %s", g.file, content, there)
		}
		if got := wire.Content(moved.Device, moved.Epoch, moved.Seq, here); !bytes.Equal(got, here) {
			t.Errorf("%s: %s at another place", g.file, got)
		}
	}
}

// The hash and its place in the chain are computed here from RFC 6234's SHA-256 alone, by sha256sum.
func TestLinkAndHashWordsAgainstSha256sum(t *testing.T) {
	// head -c 32 /dev/zero | cat - <(printf abc) | sha256sum
	h := wire.Link(wire.Hash{}, []byte("abc"))
	if got, want := hex.EncodeToString(h[:]), "365aa7d8f7f9402c4b9434502b4cc89ddb09fe50d7cd95b493b834c62d5a5370"; got != want {
		t.Errorf("link = %s, want %s", got, want)
	}
	// printf 0123456789abcdefmaize | sha256sum | cut -c1-32 | xxd -r -p | basenc --base64url
	if got, want := wire.HashWords([]byte("0123456789abcdef"), "maize"), "96dUGDfLdyjpCPv6ezdEiw"; got != want {
		t.Errorf("words hash = %s, want %s", got, want)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, bad := range []string{
		``, `{}`, `null`, `[]`, `"x"`,
		`{"device":"d","epoch":"e","seq":0,"kind":"question"}`,    // seq counts from 1
		`{"device":"d","epoch":"e","seq":1}`,                      // no kind
		`{"device":"d","epoch":"e","seq":1,"kind":"question"} {}`, // a second value
	} {
		if e, err := wire.Parse([]byte(bad)); err == nil {
			t.Errorf("Parse(%q) = %+v, want an error", bad, e)
		}
	}
	if _, err := wire.Parse([]byte(`{"device":"d","epoch":"e","seq":1,"kind":"question","later":7}`)); err != nil {
		t.Errorf("a field of a newer box: %v, want none", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, g := range goldens {
		b, err := wire.Canonical(g.event)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := wire.Parse(b)
		if err != nil {
			return
		}
		again, err := wire.Canonical(e)
		if err != nil {
			t.Fatalf("parsed, but cannot be written: %v", err)
		}
		back, err := wire.Parse(again)
		if err != nil {
			t.Fatalf("%s cannot be read back: %v", again, err)
		}
		if twice, err := wire.Canonical(back); err != nil || !bytes.Equal(twice, again) {
			t.Fatalf("%s becomes %s, %v", again, twice, err)
		}
	})
}

// Every field of an event says what it is, what for, and for how many days it is kept.
func TestEveryFieldHasClassPurposeAndKeep(t *testing.T) {
	seen := 0
	for _, f := range reflect.VisibleFields(reflect.TypeFor[wire.Event]()) {
		if f.Anonymous {
			continue
		}
		seen++
		switch f.Tag.Get("class") {
		case "device", "use", "person", "words":
		default:
			t.Errorf("%s: class %q is none of device, use, person, words", f.Name, f.Tag.Get("class"))
		}
		if f.Tag.Get("purpose") == "" {
			t.Errorf("%s has no purpose", f.Name)
		}
		if keep := f.Tag.Get("keep"); keep == "" || strings.Trim(keep, "0123456789") != "" {
			t.Errorf("%s: keep %q is no number of days", f.Name, keep)
		}
	}
	if seen < 20 {
		t.Errorf("only %d fields were looked at", seen)
	}
}
