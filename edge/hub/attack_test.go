package hub

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"

	"jembe/edge/wire"
)

// siege is a hub under attack: a box that is well, one that was revoked, and an invitation that nobody has used yet.
type siege struct {
	t              *testing.T
	h              *Hub
	box, other     *box
	revoked        *box
	used, open     string // codes
	pushed         []byte // a request of the box that was taken
	pushedSigned   string
	stranger       ed25519.PrivateKey
	deviceStranger string
}

func besiege(t *testing.T, h *Hub) *siege {
	t.Helper()
	s := &siege{t: t, h: h, box: newBox(t, h, 20), other: newBox(t, h, 21), revoked: newBox(t, h, 22)}
	s.box.wantThrough(1, 10, 10)
	s.other.wantThrough(1, 21, 21)
	s.revoked.wantThrough(1, 5, 5)
	if err := h.Revoke(t.Context(), s.revoked.device); err != nil {
		t.Fatal(err)
	}
	for _, code := range []*string{&s.used, &s.open} {
		i, err := h.Enroll(t.Context(), "https://hub.example", "Sotik")
		if err != nil {
			t.Fatal(err)
		}
		*code = i.Code
	}
	if err := s.other.enrol(s.used, &wire.Enrolled{}); err != nil {
		t.Fatal(err)
	}
	s.pushed = s.encode(s.box.batch(1, 10))
	s.pushedSigned = wire.Sign(s.pushed, s.box.key)
	if err := s.send(s.box.device, s.pushedSigned, s.pushed); err != nil {
		t.Fatal(err)
	}
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	s.stranger, s.deviceStranger = key, wire.KeyID(key.Public().(ed25519.PublicKey))
	return s
}

func (s *siege) encode(b wire.Batch) []byte {
	body, err := wire.EncodeBatch(b)
	if err != nil {
		s.t.Fatal(err)
	}
	return body
}

// send brings a request as it would come over the network.
func (s *siege) send(device, signature string, body []byte) error {
	return s.http(http.MethodPost, wire.PathPush, map[string]string{wire.HeaderDevice: device, wire.HeaderSignature: signature}, body)
}

func (s *siege) http(method, path string, header map[string]string, body []byte) error {
	r := httptest.NewRequestWithContext(s.t.Context(), method, path, bytes.NewReader(body))
	for k, v := range header {
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	s.h.ServeHTTP(w, r)
	if w.Code == http.StatusOK {
		return nil
	}
	if w.Code >= http.StatusInternalServerError {
		s.t.Errorf("the hub broke: %d %s", w.Code, w.Body)
	}
	return fmt.Errorf("refused with %d", w.Code)
}

// tampered signs a batch of the box with its own key, after something in it was changed.
func (s *siege) tampered(change func(*wire.Batch)) error {
	b := s.box.batch(11, 20)
	change(&b)
	body := s.encode(b)
	return s.send(s.box.device, wire.Sign(body, s.box.key), body)
}

// header signs a batch that holds nothing but a header, as no program of ours writes it.
func (s *siege) header(head string) error { return s.framed([]byte(head+"\n"), nil) }

// framed signs a batch whose frame opens to the text.
func (s *siege) framed(text, packed []byte) error {
	z, err := zstd.NewWriter(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	defer z.Close()
	frame := z.EncodeAll(text, nil)
	n := len(frame)
	body := slices.Concat([]byte{1, byte(n) | 0x80, byte(n>>7) | 0x80, byte(n >> 14)}, frame, packed)
	return s.send(s.box.device, wire.Sign(body, s.box.key), body)
}

// enrol asks for a place with a code and a key, after something in the request was changed.
func (s *siege) enrol(code string, key ed25519.PrivateKey, change func(*wire.Enrolment)) error {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		s.t.Fatal(err)
	}
	e := wire.Enrolment{Code: code, Key: key.Public().(ed25519.PublicKey), Recipient: id.Recipient().String(), Version: "test"}
	if change != nil {
		change(&e)
	}
	body, err := json.Marshal(e)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.enrolBody(body, key)
}

func (s *siege) enrolBody(body []byte, key ed25519.PrivateKey) error {
	return s.http(http.MethodPost, wire.PathEnroll, map[string]string{wire.HeaderSignature: wire.Sign(body, key)}, body)
}

// state is a hash of every row of every table.
func (s *siege) state() [sha256.Size]byte {
	s.t.Helper()
	names, err := tables()
	if err != nil {
		s.t.Fatal(err)
	}
	var all []string
	for _, name := range names {
		rows, err := s.h.db.Read.QueryContext(s.t.Context(), "SELECT * FROM "+name)
		if err != nil {
			s.t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			s.t.Fatal(err)
		}
		for rows.Next() {
			row, err := encodeRow(rows, columns)
			if err != nil {
				s.t.Fatal(err)
			}
			all = append(all, name+" "+string(row))
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			s.t.Fatal(err)
		}
	}
	slices.Sort(all)
	return sha256.Sum256([]byte(strings.Join(all, "\n")))
}

// Whatever is sent to the hub by those who may not, it is refused and changes no row of any table.
func TestAttacksOnTheHub(t *testing.T) {
	onEach(t, func(t *testing.T, h *Hub) {
		s := besiege(t, h)
		attacks := slices.Concat(s.onRequests(), s.onBatches(), s.onEnrolment(), s.onSticks())
		for _, a := range attacks {
			before := s.state()
			if err := a.try(); err == nil {
				t.Errorf("%s: taken", a.name)
			}
			if s.state() != before {
				t.Errorf("%s: something has changed", a.name)
			}
		}
		if len(attacks) < 40 {
			t.Errorf("%d attacks, want 40", len(attacks))
		}
		t.Logf("%d attacks: all refused, nothing changed", len(attacks))
		s.box.wantThrough(11, 20, 20) // and those who may still can
		if err := s.enrol(s.open, s.stranger, nil); err != nil {
			t.Error(err)
		}
	})
}

type attack struct {
	name string
	try  func() error
}

// onRequests are attacks by those who have no key, or another's.
func (s *siege) onRequests() []attack {
	fresh := s.encode(s.box.batch(11, 20))
	sign := wire.Sign(fresh, s.box.key)
	foreign := wire.Sign(fresh, s.other.key)
	flip := func(b []byte, at int) []byte {
		b = bytes.Clone(b)
		b[at] ^= 1
		return b
	}
	raw := func(device, signature string, body []byte) func() error {
		return func() error { return s.send(device, signature, body) }
	}
	return []attack{
		{"a byte at the front changed", raw(s.box.device, sign, flip(fresh, 0))},
		{"a byte in the middle changed", raw(s.box.device, sign, flip(fresh, len(fresh)/2))},
		{"a byte at the end changed", raw(s.box.device, sign, flip(fresh, len(fresh)-1))},
		{"cut short", raw(s.box.device, sign, fresh[:len(fresh)-1])},
		{"a byte more", raw(s.box.device, sign, append(bytes.Clone(fresh), 0))},
		{"no signature", raw(s.box.device, "", fresh)},
		{"a signature of nothing", raw(s.box.device, base64.RawURLEncoding.EncodeToString(make([]byte, ed25519.SignatureSize)), fresh)},
		{"no base64", raw(s.box.device, "!!!", fresh)},
		{"another box's signature", raw(s.box.device, foreign, fresh)},
		{"another box's name", raw(s.other.device, sign, fresh)},
		{"an earlier request's signature", raw(s.box.device, s.pushedSigned, fresh)},
		{"a signature of the bytes, not of a request", raw(s.box.device, base64.RawURLEncoding.EncodeToString(ed25519.Sign(s.box.key, fresh)), fresh)},
		{"a reply's signature", raw(s.box.device, wire.SignReply(nil, 200, fresh, s.box.key), fresh)},
		{"a box that is not known", raw(s.deviceStranger, wire.Sign(fresh, s.stranger), fresh)},
		{"no name", raw("", sign, fresh)},
		{"SQL for a name", raw("' OR '1'='1", sign, fresh)},
		{"a path for a name", raw("../../key", sign, fresh)},
		{"by GET", func() error { return s.http(http.MethodGet, wire.PathPush, nil, nil) }},
		{"by PUT", func() error { return s.http(http.MethodPut, wire.PathPush, nil, fresh) }},
		{"the key by a path", func() error { return s.http(http.MethodGet, "/v1/line/content/..%2f..%2fkey", nil, nil) }},
		{"the database by a path", func() error { return s.http(http.MethodGet, "/v1/line/..%2fhub.db", nil, nil) }},
		{"the root's key by a name", func() error { return s.http(http.MethodGet, "/v1/line/root.key", nil, nil) }},
		{"a stolen key after the revocation", func() error {
			b := s.encode(s.revoked.batch(6, 22))
			return s.send(s.revoked.device, wire.Sign(b, s.revoked.key), b)
		}},
		{"a stolen key with another box's record", func() error {
			b := s.encode(s.box.batch(11, 20))
			return s.send(s.revoked.device, wire.Sign(b, s.revoked.key), b)
		}},
	}
}
