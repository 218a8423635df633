package main

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/cmd/terminal"
	"jembe/edge"
	"jembe/edge/hub"
	"jembe/edge/wire"
)

// startHub serves a hub with TLS by its own authority until the test ends.
func startHub(t *testing.T) *hub.Hub {
	t.Helper()
	h, err := hub.Open(t.Context(), hub.Config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	l, err := hub.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "https://" + l.Addr().String()
	certificates, err := h.OwnTLS(address)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.Serve(ctx, l, address, certificates) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil && err != http.ErrServerClosed {
			t.Error(err)
		}
		h.Close()
	})
	return h
}

func invitation(t *testing.T, h *hub.Hub, address string) string {
	t.Helper()
	for range 100 { // serve keeps its address just after it listens
		if i, err := h.Enroll(t.Context(), address, "Kipsigak"); err == nil {
			return i.String()
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("no invitation")
	return ""
}

func TestEnrollAndSyncOverTLS(t *testing.T) {
	h, data := startHub(t), t.TempDir()
	if r := jembe(t, data, "sync", "--once", "--json"); r.code != terminal.Usage || !strings.Contains(r.stderr, "jembe enroll") {
		t.Errorf("not enrolled: exit %d, %s", r.code, r.stderr)
	}
	answer(t, data, "how do I make compost")
	if r := jembe(t, data, "enroll", invitation(t, h, "")); r.code != terminal.OK || !strings.Contains(r.stdout, "Kipsigak") {
		t.Fatalf("enroll: exit %d, %s%s", r.code, r.stdout, r.stderr)
	}
	for i := range 2 {
		var done edge.Contact
		r := jembe(t, data, "sync", "--once", "--json")
		if err := json.Unmarshal([]byte(r.stdout), &done); err != nil || r.code != terminal.OK || done.Sent != 1-i || done.Waiting != 0 {
			t.Fatalf("sync: exit %d, %s%s", r.code, r.stdout, r.stderr)
		}
		if done.Bytes > 5<<10 { // R4: with the handshake
			t.Errorf("a contact of %d bytes, want at most 5 KiB", done.Bytes)
		}
		t.Logf("a contact of %d bytes", done.Bytes)
	}
	var exported strings.Builder
	if err := h.Export(t.Context(), &exported); err != nil || exported.String() != jembe(t, data, "events", "export").stdout {
		t.Errorf("%v: the hub has\n%s", err, exported.String())
	}
	if r := jembe(t, data, "doctor"); !strings.Contains(r.stdout, "Kipsigak at https://") {
		t.Errorf("the doctor says nothing of the office: %s", r.stdout)
	}
}

// A hub with another key at the address is never spoken with, however good its certificate.
func TestAnotherHubAtTheAddress(t *testing.T) {
	h, other, data := startHub(t), startHub(t), t.TempDir()
	there, err := wire.ParseInvitation(invitation(t, other, ""))
	if err != nil {
		t.Fatal(err)
	}
	r := jembe(t, data, "enroll", "--json", invitation(t, h, there.Address))
	if r.code != terminal.Failure || !strings.Contains(r.stderr, string(advisory.Unreachable)) {
		t.Errorf("exit %d, %s", r.code, r.stderr)
	}
}

func TestServeSyncsByItselfAndSaysSo(t *testing.T) {
	h, data := startHub(t), t.TempDir()
	s := startServe(t, data)
	status := func() (out struct {
		Office struct {
			Enrolled, Spoken bool
			Waiting          int
			Village          string
		}
	}) {
		t.Helper()
		r, err := http.Get(s.url + "/v1/status")
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		if err := json.NewDecoder(r.Body).Decode(&out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	if status().Office.Enrolled {
		t.Error("enrolled before it is")
	}
	s.post(t, "/v1/ask", map[string]any{"text": "how do I make compost", "lang": "en"}, nil)
	if o := status().Office; o.Waiting != 1 {
		t.Errorf("%+v, want 1 waiting", o)
	}
	if r := jembe(t, data, "enroll", invitation(t, h, "")); r.code != terminal.OK {
		t.Fatal(r.stderr)
	}
	o := status().Office
	for i := 0; i < 300 && !o.Spoken; i++ { // it looks for an enrolment every ten seconds
		time.Sleep(100 * time.Millisecond)
		o = status().Office
	}
	if !o.Enrolled || !o.Spoken || o.Waiting != 0 || o.Village != "Kipsigak" {
		t.Errorf("%+v: %s", o, s.errs)
	}
	if v, err := h.Verify(t.Context()); err != nil || v.Events != 2 { // the question, and the day's health
		t.Errorf("%+v %v", v, err)
	}
}

func TestBadInvitations(t *testing.T) {
	for _, text := range []string{"", "hello", "jembe1-", "jembe1-!!!", "jembe1-e30", "jembe2-e30"} {
		if r := jembe(t, t.TempDir(), "enroll", "--json", text); r.code != terminal.Usage || !strings.Contains(r.stderr, "jembe-hub enroll") {
			t.Errorf("%q: exit %d, %s", text, r.code, r.stderr)
		}
	}
}
