package edge

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jembe/advisory"
	"jembe/edge/wire"
)

// carry takes a stick to the office and gives what it brought.
func carry(t *testing.T, o *office, stick string, requests int, events int64) {
	t.Helper()
	got, err := o.Stick(t.Context(), stick)
	if err != nil || got.Requests != requests || got.Events != events {
		t.Fatalf("%+v %v, want %d requests with %d new events", got, err, requests, events)
	}
}

// put writes what waits on a stick.
func put(t *testing.T, y *Syncer, stick string) Contact {
	t.Helper()
	done, err := y.Stick(t.Context(), stick)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func TestStickCarriesTheRecordBothWays(t *testing.T) {
	o := newOffice(t)
	s, y := o.enrolled(t, 900)
	stick := t.TempDir()
	first := put(t, y, stick)
	if first.Sent != 900 || first.Requests < 3 || first.Waiting != 900 {
		t.Fatalf("%+v", first)
	}
	again := put(t, y, stick) // before it has been anywhere: nothing doubles
	if holds(t, filepath.Join(stick, filepath.FromSlash(wire.StickUp)), "maize") {
		t.Error("the stick can be read")
	}
	copied := t.TempDir()
	if err := os.CopyFS(copied, os.DirFS(stick)); err != nil {
		t.Fatal(err)
	}
	carry(t, o, stick, again.Requests, 900)
	wantAlike(t, o, s)
	carry(t, o, copied, again.Requests, 0) // a copy of the stick comes later
	record(t, s, question("after"))
	if done := put(t, y, stick); done.Sent != 1 || done.Waiting != 1 {
		t.Errorf("back at the box: %+v", done)
	}
	carry(t, o, stick, 1, 1)
	if done := put(t, y, stick); done.Sent != 0 || done.Requests != 1 || done.Waiting != 0 {
		t.Errorf("at last: %+v", done)
	}
	put(t, y, copied) // an old reply sets the cursor back, and no more
	once(t, y)
	wantAlike(t, o, s)
}

func TestHostileSticks(t *testing.T) {
	o := newOffice(t)
	_, y := o.enrolled(t, 30)
	_, y2 := o.enrolled(t, 20)
	stick, theirs := t.TempDir(), t.TempDir()
	put(t, y, stick)
	put(t, y2, theirs)
	up := filepath.Join(stick, filepath.FromSlash(wire.StickUp))
	sealed := only(t, theirs, wire.StickUp)
	forged, err := wire.Seal(wire.Carried{Device: "eeeeeeeeeeeeeeee", Signature: "forged", Body: []byte("x")}, o.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	outside := filepath.Join(t.TempDir(), "secret.age")
	for path, data := range map[string][]byte{
		filepath.Join(up, "aaaaaaaaaaaaaaaa-00001.age"): []byte("age-encryption.org/v1 broken"),
		filepath.Join(up, "bbbbbbbbbbbbbbbb-00001.age"): sealed[:len(sealed)/2],
		filepath.Join(up, "cccccccccccccccc-00001.age"): make([]byte, wire.MaxSealed+1),
		filepath.Join(up, "eeeeeeeeeeeeeeee-00001.age"): forged,
		filepath.Join(up, "notes.txt"):                  []byte("the owner's own"),
		outside:                                         sealed,
	} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(outside, filepath.Join(up, "dddddddddddddddd-00001.age")); err != nil {
		t.Fatal(err)
	}
	got, err := o.Stick(t.Context(), stick)
	if err != nil || got.Requests != 1 || got.Events != 30 || len(got.Left) != 5 {
		t.Fatalf("%+v %v", got, err)
	}
	if _, err := os.Stat(filepath.Join(up, "notes.txt")); err != nil {
		t.Error(err)
	}
}

// only gives the only sealed file in a folder of a stick.
func only(t *testing.T, stick, folder string) []byte {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(stick, filepath.FromSlash(folder), "*.age"))
	if err != nil || len(names) != 1 {
		t.Fatal(names, err)
	}
	data, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// The hub's reply to one box, sealed again for another by whoever can, says nothing to that one.
func TestAnotherBoxesReplyOnAStick(t *testing.T) {
	o := newOffice(t)
	s, y := o.enrolled(t, 30)
	other, y2 := o.enrolled(t, 20)
	stick := t.TempDir()
	put(t, y, stick)
	carry(t, o, stick, 1, 30)
	id, err1 := boxIdentity(s.dir)
	otherID, err2 := boxIdentity(other.dir)
	m, err3 := ReadMembership(other.dir)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	c, err := wire.Unseal(only(t, stick, wire.StickDown), id)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := wire.Seal(c, otherID.Recipient().String())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(stick, filepath.FromSlash(wire.StickDown), m.Device+"-00001.age"), sealed, 0o600); err != nil {
		t.Fatal(err)
	}
	if done := put(t, y2, stick); done.Waiting != 20 {
		t.Errorf("another box's reply counted: %+v", done)
	}
}

// A link in place of a folder leads nowhere.
func TestLinksOnAStick(t *testing.T) {
	o := newOffice(t)
	_, y := o.enrolled(t, 3)
	stick, outside := t.TempDir(), t.TempDir()
	if err := os.Symlink(outside, filepath.Join(stick, "jembe")); err != nil {
		t.Fatal(err)
	}
	if _, err := y.Stick(t.Context(), stick); wire.AsError(err).Code != advisory.BadRequest || !strings.Contains(wire.AsError(err).Hint, "stick") {
		t.Errorf("%v, want a hint about the stick", err)
	}
	if left, err := os.ReadDir(outside); err != nil || len(left) != 0 {
		t.Errorf("written outside the stick: %v %v", left, err)
	}
	if _, err := y.Stick(t.Context(), filepath.Join(stick, "none")); wire.AsError(err).Code != advisory.BadRequest {
		t.Errorf("no stick: %v", err)
	}
}

// A stick that was written before the latest contact comes to the office after it: the hub sees a record that ends before its own, but
// the box is well, and keeps its record as it is.
func TestOldStickReachesTheOfficeLate(t *testing.T) {
	for name, lost := range map[string]bool{"the contact's reply came": false, "the contact's reply was lost": true} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			s, y := o.enrolled(t, 5)
			once(t, y)
			record(t, s, question("on the stick"))
			stick := t.TempDir()
			put(t, y, stick)
			record(t, s, question("after the stick was written"))
			o.spoil(func(w http.ResponseWriter, r *http.Request) bool {
				if lost {
					faults["the reply is lost"](o, w, r)
				}
				return false
			})
			if _, err := y.Once(t.Context()); (err != nil) != lost {
				t.Fatal(err)
			}
			o.spoil(nil)
			carry(t, o, stick, 1, 0)
			put(t, y, stick)
			once(t, y)
			if got := wantAlike(t, o, s); len(got) != 5+2 {
				t.Errorf("%d events, want 7", len(got))
			}
		})
	}
}
