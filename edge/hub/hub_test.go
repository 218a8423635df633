package hub

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"filippo.io/age"

	"jembe/advisory"
	"jembe/edge/hub/pgtest"
	"jembe/edge/linetest"
	"jembe/edge/wire"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// onEach runs a test on a hub with SQLite and on one with PostgreSQL.
func onEach(t *testing.T, test func(t *testing.T, h *Hub)) {
	t.Run("sqlite", func(t *testing.T) { test(t, openHub(t, Config{Data: t.TempDir()})) })
	t.Run("postgres", func(t *testing.T) {
		test(t, openHub(t, Config{Data: t.TempDir(), Database: pgtest.Database(t)}))
	})
}

func openHub(t *testing.T, c Config) *Hub {
	t.Helper()
	h, err := Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return h
}

// box is a double of a box: it holds a record in memory, and speaks the line.
type box struct {
	t      *testing.T
	h      *Hub
	key    ed25519.PrivateKey
	device string
	epoch  string
	lines  []wire.Line
	tamper func(*wire.Batch) // of what goes out
}

// newBox enrols a box with a record of n events, with words.
func newBox(t *testing.T, h *Hub, n int) *box {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &box{t: t, h: h, key: key, device: wire.KeyID(key.Public().(ed25519.PublicKey)), epoch: wire.RandomID(5)}
	v := linetest.New(int64(n))
	v.Words = true
	b.lines = v.Lines(b.device, b.epoch, n)
	i, err := h.Enroll(t.Context(), "https://hub.example", "Kipsigak")
	if err != nil {
		t.Fatal(err)
	}
	var e wire.Enrolled
	if err := b.enrol(i.Code, &e); err != nil || e.Device != b.device || e.Village != "Kipsigak" {
		t.Fatalf("%+v %v", e, err)
	}
	return b
}

func (b *box) enrol(code string, e *wire.Enrolled) error {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		b.t.Fatal(err)
	}
	body, err := json.Marshal(wire.Enrolment{Code: code, Key: b.key.Public().(ed25519.PublicKey), Recipient: id.Recipient().String(), Version: "test"})
	if err != nil {
		b.t.Fatal(err)
	}
	return b.post(wire.PathEnroll, body, e)
}

// post sends a signed request and reads the signed reply.
func (b *box) post(path string, body []byte, v any) error {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), http.MethodPost, path, bytes.NewReader(body))
	r.Header.Set(wire.HeaderDevice, b.device)
	r.Header.Set(wire.HeaderSignature, wire.Sign(body, b.key))
	w := httptest.NewRecorder()
	b.h.ServeHTTP(w, r)
	return wire.ReadReply(body, w.Code, w.Body.Bytes(), w.Header().Get(wire.HeaderSignature), b.h.Key(), v)
}

// batch makes the request for the lines from first to last.
func (b *box) batch(first, last int) wire.Batch {
	var head wire.Hash
	for _, l := range b.lines[:first-1] {
		head = wire.Link(head, l.Body)
	}
	return wire.Batch{
		Header: wire.Header{Hub: b.h.Fingerprint(), Device: b.device, Epoch: b.epoch, First: int64(first), Before: head[:wire.BeforeBytes],
			Version: "test", Waiting: int64(len(b.lines) - last), Nonce: wire.RandomID(5)},
		Lines: b.lines[first-1 : last],
	}
}

// push sends the lines from first to last, counted from 1.
func (b *box) push(first, last int) (wire.Reply, error) {
	b.t.Helper()
	batch := b.batch(first, last)
	if b.tamper != nil {
		b.tamper(&batch)
	}
	body, err := wire.EncodeBatch(batch)
	if err != nil {
		b.t.Fatal(err)
	}
	var r wire.Reply
	err = b.post(wire.PathPush, body, &r)
	return r, err
}

// wantThrough pushes, and checks how far the hub then is.
func (b *box) wantThrough(first, last int, through int64) wire.Reply {
	b.t.Helper()
	r, err := b.push(first, last)
	if err != nil {
		b.t.Fatal(err)
	}
	if p := r.Epochs[0]; p.Epoch != b.epoch || p.Through != through || r.Begin != nil {
		b.t.Fatalf("push of %d to %d: %+v, begin %+v; want through %d", first, last, p, r.Begin, through)
	}
	var head wire.Hash
	for _, l := range b.lines[:through] {
		head = wire.Link(head, l.Body)
	}
	if !bytes.Equal(r.Epochs[0].Head, head[:wire.BeforeBytes]) {
		b.t.Errorf("head %x, want %x", r.Epochs[0].Head, head[:wire.BeforeBytes])
	}
	return r
}

// exported gives the hub's export as lines.
func exported(t *testing.T, h *Hub) []string {
	t.Helper()
	var b bytes.Buffer
	if err := h.Export(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	if b.Len() == 0 {
		return nil
	}
	return strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
}

// wantRecord checks that the hub holds exactly these lines, and that its chains are whole.
func wantRecord(t *testing.T, h *Hub, lines []wire.Line) {
	t.Helper()
	got := exported(t, h)
	if len(got) != len(lines) {
		t.Fatalf("the hub holds %d events, want %d", len(got), len(lines))
	}
	for i := range got {
		if got[i] != string(lines[i].Body) {
			t.Fatalf("event %d is\n%s\nwant\n%s", i, got[i], lines[i].Body)
		}
	}
	if _, err := h.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

// count gives the number a query gives.
func count(t *testing.T, h *Hub, query string, args ...any) (n int) {
	t.Helper()
	if err := h.db.Read.QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// wantCode checks that an error has a code and a hint.
func wantCode(t *testing.T, err error, code advisory.Code) {
	t.Helper()
	if e := wire.AsError(err); err == nil || e.Code != code || e.Hint == "" {
		t.Errorf("%v, want %s with a hint", err, code)
	}
}
