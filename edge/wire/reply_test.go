package wire_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"jembe/edge/wire"
)

// A reply with every field is read and written as ever, and one of a hub that is older too: fields are only ever added.
func TestGoldenReplies(t *testing.T) {
	for name, check := range map[string]func(wire.Reply) bool{
		"reply.json": func(r wire.Reply) bool {
			return r.Begin != nil && len(r.Begin.Found) == wire.BeforeBytes && len(r.Closed) == 1 && len(r.Replies) == 1 && r.Replies[0].Validate() == nil
		},
		"reply-first.json": func(r wire.Reply) bool {
			return r.Begin != nil && r.Begin.Ended && r.Begin.Found == nil && r.Closed == nil
		},
	} {
		want, err := os.ReadFile("testdata/v1/" + name)
		if err != nil {
			t.Fatal(err)
		}
		var r wire.Reply
		if err := json.Unmarshal(want, &r); err != nil || !check(r) {
			t.Errorf("%s: %+v %v", name, r, err)
		}
		if got, err := json.Marshal(r); err != nil || !bytes.Equal(append(got, '\n'), want) {
			t.Errorf("%s is now written as\n%s\nwant\n%s%v", name, got, want, err)
		}
	}
}
