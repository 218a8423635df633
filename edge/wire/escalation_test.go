package wire_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"filippo.io/age"

	"jembe/edge/wire"
)

// goldenPart are the bytes of a part; boxes in the field send such.
const goldenPart = `{"hub":"h4t6ahzqp4t6ahzq","device":"k3v5q2mnaeb7xwzd","id":"mfzwizltoqqgs4dp","answer":"onxw2zjamnuw45dt","code":"007","picture":9,` +
	`"lang":"sw","asked_ms":1790000000123,"voice":true,"sha256":"abababababababababababababababababababababababababababababababab","size":9,"offset":3}` + "\n" + "sealed"

func examplePart() wire.Part {
	return wire.Part{Hub: "h4t6ahzqp4t6ahzq", Device: "k3v5q2mnaeb7xwzd", SHA256: strings.Repeat("ab", 32), Size: 9, Offset: 3, Data: []byte("sealed"),
		Escalation: wire.Escalation{ID: "mfzwizltoqqgs4dp", Answer: "onxw2zjamnuw45dt", Code: "007", Picture: 9, Lang: "sw", AskedMS: 1790000000123, Voice: true}}
}

func TestPartsAreGolden(t *testing.T) {
	got, err := wire.EncodePart(examplePart())
	if err != nil || string(got) != goldenPart {
		t.Errorf("%v\n got %s\nwant %s", err, got, goldenPart)
	}
	p, err := wire.DecodePart([]byte(goldenPart))
	if err != nil || !reflect.DeepEqual(p, examplePart()) {
		t.Errorf("%+v %v", p, err)
	}
}

// What is read as a part is within its bounds, whatever the bytes were.
func FuzzDecodePart(f *testing.F) {
	f.Add([]byte(goldenPart))
	f.Add([]byte("{}\n"))
	f.Add([]byte(strings.Replace(goldenPart, `"offset":3`, `"offset":9223372036854775807`, 1)))
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := wire.DecodePart(body)
		if err != nil {
			return
		}
		if p.Offset < 0 || p.Offset+int64(len(p.Data)) > p.Size || p.Size > wire.MaxSealedAsked || len(p.Data) > wire.MaxPart || p.Validate() != nil {
			t.Errorf("read as %+v", p)
		}
	})
}

func TestWhatWasAskedIsSealed(t *testing.T) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	a := wire.Asked{Words: "porcupines\nin the cassava", Concepts: []string{"cassava"}, Voice: []byte("RIFF\n\x00voice")}
	sealed, err := wire.SealAsked(a, id.Recipient().String())
	if err != nil || bytes.Contains(sealed, []byte("porcupine")) || bytes.Contains(sealed, []byte("voice")) {
		t.Fatalf("%v, or it can be read", err)
	}
	if got, err := wire.OpenAsked(sealed, id); err != nil || !reflect.DeepEqual(got, a) {
		t.Errorf("%+v %v", got, err)
	}
	if _, err := wire.OpenAsked(sealed, other); err == nil {
		t.Error("opened by another")
	}
	if _, err := wire.OpenAsked(sealed[:len(sealed)-1], id); err == nil {
		t.Error("opened, though cut short")
	}
	if _, err := wire.SealAsked(wire.Asked{Voice: make([]byte, wire.MaxAsked+1)}, id.Recipient().String()); err == nil {
		t.Error("a voice without bounds")
	}
}
