package edge

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/edge/hub"
	"jembe/edge/wire"
)

// goodPart is the whole of a sealed file in one part, as the box of the village would send it.
func (v *village) goodPart(t *testing.T) (p wire.Part, key ed25519.PrivateKey) {
	t.Helper()
	m, err := ReadMembership(v.Store.dir)
	if err != nil {
		t.Fatal(err)
	}
	if key, err = loadKey(v.Store.dir); err != nil {
		t.Fatal(err)
	}
	sealed, err := wire.SealAsked(wire.Asked{Words: plantedWords}, m.Recipient)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(sealed)
	return wire.Part{Hub: v.office.Fingerprint(), Device: m.Device, SHA256: hex.EncodeToString(sum[:]), Size: int64(len(sealed)), Data: sealed,
		Escalation: wire.Escalation{ID: wire.RandomID(10), Answer: advisory.NewID(), Code: "417", Picture: 3, Lang: "sw"}}, key
}

// Every part that the box has not written so is refused, and nothing comes of it.
func TestHostileParts(t *testing.T) {
	v, stranger := newVillage(t), newVillage(t)
	_, strangersKey := stranger.goodPart(t)
	_, others := v.office.enrolled(t, 1)
	otherKey, err := loadKey(others.Store.dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(p *wire.Part, key *ed25519.PrivateKey){
		"a stranger's signature":      func(_ *wire.Part, key *ed25519.PrivateKey) { *key = strangersKey },
		"another box's signature":     func(_ *wire.Part, key *ed25519.PrivateKey) { *key = otherKey },
		"for another hub":             func(p *wire.Part, _ *ed25519.PrivateKey) { p.Hub = stranger.office.Fingerprint() },
		"of another box":              func(p *wire.Part, _ *ed25519.PrivateKey) { p.Device = "aaaaaaaaaaaaaaaa" },
		"other bytes than its hash":   func(p *wire.Part, _ *ed25519.PrivateKey) { p.Data[len(p.Data)-1] ^= 1 },
		"no hash":                     func(p *wire.Part, _ *ed25519.PrivateKey) { p.SHA256 = "" },
		"a hash in capitals":          func(p *wire.Part, _ *ed25519.PrivateKey) { p.SHA256 = strings.Repeat("AB", 32) },
		"a file that is too large":    func(p *wire.Part, _ *ed25519.PrivateKey) { p.Size = wire.MaxSealedAsked + 1 },
		"a part that is too large":    func(p *wire.Part, _ *ed25519.PrivateKey) { p.Data, p.Size = make([]byte, wire.MaxPart+1), 1<<20 },
		"more than the file":          func(p *wire.Part, _ *ed25519.PrivateKey) { p.Size-- },
		"a place before the file":     func(p *wire.Part, _ *ed25519.PrivateKey) { p.Offset = -1 },
		"a place behind the file":     func(p *wire.Part, _ *ed25519.PrivateKey) { p.Offset = p.Size + 1 },
		"a place that runs over":      func(p *wire.Part, _ *ed25519.PrivateKey) { p.Offset = 1<<63 - 1 },
		"no size":                     func(p *wire.Part, _ *ed25519.PrivateKey) { p.Size = 0 },
		"a script for a code":         func(p *wire.Part, _ *ed25519.PrivateKey) { p.Code = "<b>" },
		"a script for a language":     func(p *wire.Part, _ *ed25519.PrivateKey) { p.Lang = "<script>" },
		"a path for an id":            func(p *wire.Part, _ *ed25519.PrivateKey) { p.ID = "../../../../../x" },
		"a picture that is not there": func(p *wire.Part, _ *ed25519.PrivateKey) { p.Picture = wire.PictureCount + 1 },
		"a time before time":          func(p *wire.Part, _ *ed25519.PrivateKey) { p.AskedMS = -1 },
	} {
		p, key := v.goodPart(t)
		device := p.Device
		spoil(&p, &key)
		body, err := wire.EncodePart(p)
		if err != nil {
			t.Fatal(err)
		}
		_, err = v.office.TakePart(t.Context(), device, wire.Sign(body, key), body)
		if code := wire.AsError(err).Code; err == nil || code != advisory.BadRequest && code != advisory.Forbidden {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
	if all, err := v.office.Desk().Escalations(t.Context(), hub.Waiting{}, 0, 10); err != nil || len(all) != 0 {
		t.Errorf("something came of it: %+v %v", all, err)
	}
	p, key := v.goodPart(t)
	body, err := wire.EncodePart(p)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 { // the control: the part itself is taken, once
		if got, err := v.office.TakePart(t.Context(), p.Device, wire.Sign(body, key), body); err != nil || got.Have != p.Size {
			t.Fatalf("%+v %v", got, err)
		}
	}
	v.waiting(t)
	q, _ := v.goodPart(t)
	q.Escalation = p.Escalation // another file under the same name
	if body, err = wire.EncodePart(q); err != nil {
		t.Fatal(err)
	}
	if _, err := v.office.TakePart(t.Context(), q.Device, wire.Sign(body, key), body); wire.AsError(err).Code != advisory.BadRequest {
		t.Errorf("another file under the same name: %v", err)
	}
	if err := v.office.Revoke(t.Context(), p.Device); err != nil {
		t.Fatal(err)
	}
	if _, err := v.office.TakePart(t.Context(), p.Device, wire.Sign(body, key), body); wire.AsError(err).Code != advisory.Forbidden {
		t.Errorf("a revoked box: %v", err)
	}
}

// repliesKept is how many replies the box holds.
func (v *village) repliesKept(t *testing.T) (n int) {
	t.Helper()
	if err := v.Store.db.Read.QueryRow(`SELECT count(*) FROM replies`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// Replies that the hub has not signed for this box, and for this request, are none.
func TestForgedReplies(t *testing.T) {
	v, other := newVillage(t), newVillage(t)
	n := v.escalateWords(t, plantedWords)
	once(t, v.syncer)
	v.replyTo(t, v.waiting(t).ID, "Fence the plot.", nil)
	_, wrong, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	var kept []byte
	var signature string
	forge := func(device string) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, r *http.Request) bool {
			reply, _ := json.Marshal(wire.Reply{Device: device, Replies: []wire.PersonReply{{ID: wire.RandomID(10), Text: "Drink the spray.",
				Escalation: wire.Escalation{ID: wire.RandomID(10), Answer: advisory.NewID(), Code: n.Code, Picture: n.Picture}}}})
			body := new(bytes.Buffer)
			_, _ = body.ReadFrom(r.Body)
			w.Header().Set(wire.HeaderSignature, wire.SignReply(body.Bytes(), 200, reply, wrong))
			_, _ = w.Write(reply)
			return true
		}
	}
	m, err := ReadMembership(v.Store.dir)
	if err != nil {
		t.Fatal(err)
	}
	replay := func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set(wire.HeaderSignature, signature)
		_, _ = w.Write(kept)
		return true
	}
	record := func(w http.ResponseWriter, r *http.Request) bool { // a good reply of the hub, heard on the line by others, and lost
		answer := &recorded{header: http.Header{}}
		v.office.ServeHTTP(answer, r)
		kept, signature = answer.body.Bytes(), answer.header.Get(wire.HeaderSignature)
		panic(http.ErrAbortHandler)
	}
	for _, attack := range []struct {
		name  string
		spoil func(http.ResponseWriter, *http.Request) bool
	}{{"another key", forge(m.Device)}, {"lost, and heard by others", record}, {"an old reply of the hub, replayed", replay}} {
		v.office.spoil(attack.spoil)
		if _, err := v.syncer.Once(t.Context()); wire.AsError(err).Code != advisory.Unreachable {
			t.Errorf("%s: %v, want unreachable", attack.name, err)
		}
		if got := v.repliesKept(t); got != 0 {
			t.Errorf("%s: %d replies", attack.name, got)
		}
	}
	v.office.spoil(nil)
	if !bytes.Contains(kept, []byte("Fence the plot.")) {
		t.Error("what was replayed held no reply")
	}
	once(t, v.syncer) // the control
	if got := v.back(t, n); got.State != replyReady || len(got.Replies) != 1 || v.repliesKept(t) != 1 {
		t.Errorf("%+v", got)
	}
	once(t, other.syncer)
	if got := other.repliesKept(t); got != 0 {
		t.Errorf("another box has %d replies", got)
	}
}

// recorded is a double of a connection that keeps what was answered.
type recorded struct {
	header http.Header
	body   bytes.Buffer
}

func (r *recorded) Header() http.Header         { return r.header }
func (r *recorded) Write(b []byte) (int, error) { return r.body.Write(b) }
func (r *recorded) WriteHeader(int)             {}

// What is broken in a reply that the hub did sign is passed over, and what is right beside it kept.
func TestBrokenRepliesArePassedOver(t *testing.T) {
	v := newVillage(t)
	good := wire.PersonReply{ID: wire.RandomID(10), Text: "Fence the plot.", Escalation: wire.Escalation{ID: wire.RandomID(10), Answer: advisory.NewID(), Code: "417", Picture: 2, Lang: "en"}}
	sum := strings.Repeat("ab", 32)
	var all []wire.PersonReply
	for _, spoil := range []func(*wire.PersonReply){
		func(r *wire.PersonReply) { r.Text = strings.Repeat("x", 4*wire.MaxReplyText+1) },
		func(r *wire.PersonReply) { r.Voice, r.VoiceSize = sum, wire.MaxReplyVoice+1 },
		func(r *wire.PersonReply) { r.Voice, r.VoiceSize = sum, 0 },
		func(r *wire.PersonReply) { r.Voice, r.VoiceSize = "../../key", 9 },
		func(r *wire.PersonReply) { r.Text = "" },
		func(r *wire.PersonReply) { r.ID = "x" },
		func(r *wire.PersonReply) { r.Escalation.Code = "1234" },
		func(*wire.PersonReply) {},
	} {
		r := good
		r.ID = wire.RandomID(10)
		spoil(&r)
		all = append(all, r)
	}
	for range 2 {
		if err := v.Store.takeReplies(t.Context(), wire.Reply{Replies: all}); err != nil {
			t.Fatal(err)
		}
	}
	if got := v.repliesKept(t); got != 1 {
		t.Errorf("%d replies, want the good one, once", got)
	}
}

// A voice of other bytes than the hub has signed for is never heard; the right one is fetched after it.
func TestForgedVoices(t *testing.T) {
	v := newVillage(t)
	n := v.escalateWords(t, plantedWords)
	once(t, v.syncer)
	spoken := tone(3e9)
	v.replyTo(t, v.waiting(t).ID, "", spoken)
	v.office.spoil(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasPrefix(r.URL.Path, wire.PathVoices) {
			return false
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(make([]byte, len(spoken))))
		return true
	})
	once(t, v.syncer)
	if got := v.back(t, n); got.State != replyWaiting {
		t.Errorf("a forged voice: %+v", got)
	}
	v.office.spoil(nil)
	once(t, v.syncer)
	r := v.back(t, n)
	if w := get(t, v.Server, r.Sound[len(r.Sound)-1]); !bytes.Equal(w.Body.Bytes(), spoken) {
		t.Errorf("the right one: %d, %d bytes", w.Code, w.Body.Len())
	}
}
