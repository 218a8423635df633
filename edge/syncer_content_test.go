package edge

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"jembe/advisory"
	"jembe/content"
	"jembe/edge/wire"
)

// publishing makes a publisher of the office's hub.
func (o *office) publishing(t *testing.T) *publisher {
	t.Helper()
	return &publisher{Hub: o.Hub, t: t, url: o.server.URL}
}

func TestOneContactBringsContentAndSettings(t *testing.T) {
	o := newOffice(t)
	s, y := o.enrolled(t, 30)
	f := fetcher{y.channel, s.dir}
	if done := once(t, y); done.Content != 0 || done.Behind || done.Refused != "" {
		t.Errorf("before anything was published: %+v", done)
	}
	p := o.publishing(t)
	p.publish("office", "1", "Keep the pen dry", 200_000)
	set := wire.Settings{Country: "KE", Contacts: advisory.Contacts{{Kind: advisory.Vet, Name: "Dr Atieno", Number: "0722 000 111"}}}
	if err := o.SetBox(t.Context(), "", set); err != nil {
		t.Fatal(err)
	}
	if done := once(t, y); done.Content == 0 || done.Behind || done.Bytes < 200_000 {
		t.Errorf("%+v", done)
	}
	f.wantInUse(t, "office@1")
	if got, err := s.Office(t.Context()); err != nil || got.Mark() != set.Mark() {
		t.Errorf("settings %+v, %v", got, err)
	}
	if done := once(t, y); done.Requests != 1 || done.Bytes > 5_000 {
		t.Errorf("with nothing new: %+v", done)
	}
	if err := o.WithdrawDocument(t.Context(), "snakebite", "Amina"); err != nil {
		t.Fatal(err)
	}
	if done := once(t, y); done.Bytes > 10_000 {
		t.Errorf("taking back cost %d bytes", done.Bytes)
	}
	if f.has("snakebite", "en") {
		t.Error("after the next contact the document is still there")
	}
	wantAlike(t, o, s)
}

func TestContentKeepsToTheDaysBudget(t *testing.T) {
	o := newOffice(t)
	s, y := o.enrolled(t, 5)
	o.publishing(t).publish("office", "1", "Keep the pen dry", 300_000)
	rounds := 0
	for behind := true; behind; rounds++ {
		done, err := y.contact(t.Context(), 100_000)
		if err != nil || done.Bytes > 102_000 || rounds > 10 {
			t.Fatalf("round %d: %+v, %v", rounds, done, err)
		}
		behind = done.Behind
	}
	fetcher{y.channel, s.dir}.wantInUse(t, "office@1")
	if rounds < 3 {
		t.Errorf("%d rounds", rounds)
	}
}

func TestRefusedContentIsNoTroubleOfTheLine(t *testing.T) {
	o, thief := newOffice(t), newPublisher(t)
	s, y := o.enrolled(t, 5)
	o.publishing(t).publish("office", "1", "Keep the pen dry", 0)
	once(t, y)
	thief.publish("thief", "1", "Pay the thief", 0)
	stolen := thief.announced()
	o.spoil(func(w http.ResponseWriter, r *http.Request) bool { // the line is in order, the content another's
		if !strings.HasPrefix(r.URL.Path, wire.PathSigned) {
			return false
		}
		thief.ServeHTTP(w, r)
		return true
	})
	y.channel.refused = ""
	h, err := y.dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	h.announced = stolen
	var done Contact
	if err := y.fetch(t.Context(), h, &done, 0); err != nil || !strings.Contains(done.Refused, string(content.Forged)) {
		t.Errorf("%+v, %v", done, err)
	}
	f := fetcher{y.channel, s.dir}
	f.wantInUse(t, "office@1")
	if n := f.healthEvents(t, content.Forged); n != 1 {
		t.Errorf("told %d times", n)
	}
	server := NewServer(Config{Advisor: newTestServer(t).Advisor, Store: s, Languages: func() []Language { return nil }, Log: slog.New(slog.DiscardHandler)})
	w := httptest.NewRecorder()
	server.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v1/status", nil))
	if !strings.Contains(w.Body.String(), `"refused":"content_forged"`) {
		t.Errorf("the status says nothing of it: %s", w.Body)
	}
}

func TestStickBringsContentAndSettings(t *testing.T) {
	o := newOffice(t)
	s, y := o.enrolled(t, 3)
	o.publishing(t).publish("office", "1", "Keep the pen dry", 0)
	set := wire.Settings{Country: "KE"}
	if err := o.SetBox(t.Context(), "", set); err != nil {
		t.Fatal(err)
	}
	stick := t.TempDir()
	for trip := range 2 { // to the office and back
		done, err := y.Stick(t.Context(), stick)
		if err != nil || (done.Content > 0) != (trip > 0) {
			t.Fatalf("trip %d: %+v, %v", trip, done, err)
		}
		if _, err := o.Stick(t.Context(), stick); err != nil {
			t.Fatal(err)
		}
	}
	fetcher{y.channel, s.dir}.wantInUse(t, "office@1")
	if got, err := s.Office(t.Context()); err != nil || got.Mark() != set.Mark() {
		t.Errorf("settings %+v, %v", got, err)
	}
}
