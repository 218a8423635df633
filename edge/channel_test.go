package edge

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jembe/advisory"
	"jembe/content"
	"jembe/edge/hub"
	"jembe/edge/wire"
)

// publisher is a real hub that serves, and what a box that was enrolled knows of it.
type publisher struct {
	*hub.Hub
	t    *testing.T
	root string
	url  string
}

func newPublisher(t *testing.T) *publisher {
	t.Helper()
	h, err := hub.Open(t.Context(), hub.Config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	keys, err := h.ChannelKeys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return &publisher{h, t, keys.Root, server.URL}
}

// publish publishes a pack of one document that says so much, and carries so many bytes that cannot be packed any smaller.
func (o *publisher) publish(name, version, says string, carried int) content.ChannelPack {
	o.t.Helper()
	dir := o.t.TempDir()
	write := func(path, text string) {
		to := filepath.Join(dir, path)
		if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, []byte(text), 0o644)); err != nil {
			o.t.Fatal(err)
		}
	}
	write("manifest.json", fmt.Sprintf(`{"name": %q, "version": %q}`, name, version))
	write("docs/en/"+name+".md", fmt.Sprintf("---\nid: %s\nlang: en\ntitle: %s\nsources: [{name: Us, url: https://example.org/, year: 2026}]\n"+
		"status: unreviewed\nquestions:\n  - %s?\nanswer: %s\n---\n\n## What to do\n\n%s\n", name, says, says, says, says))
	if carried > 0 {
		noise := make([]byte, carried)
		random := rand.NewChaCha8([32]byte{1})
		_, _ = random.Read(noise)
		write("vectors/noise.bin", string(noise))
	}
	p, _, err := o.Publish(o.t.Context(), hub.Publication{Pack: dir, By: "Amina"})
	if err != nil {
		o.t.Fatal(err)
	}
	return p.ChannelPack
}

func (o *publisher) announced() *wire.Announcement {
	o.t.Helper()
	version, sum, err := o.Announced(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	return &wire.Announcement{Version: version, SHA256: sum}
}

// fetcher is a box's end of the channel.
type fetcher struct {
	*Channel
	data string
}

func newFetcher(t *testing.T) fetcher {
	t.Helper()
	data := t.TempDir()
	s, err := OpenStore(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return fetcher{NewChannel(data, s), data}
}

// plenty is more than anything here needs.
const plenty = 100 << 20

// follow fetches all at once, and expects the packs in use.
func (f fetcher) follow(t *testing.T, o *publisher, want ...string) {
	t.Helper()
	if _, done, err := f.Follow(t.Context(), hubSource{http.DefaultClient, o.url}, o.root, o.announced(), plenty); err != nil || !done {
		t.Fatalf("done: %v, %v", done, err)
	}
	f.wantInUse(t, want...)
}

func (f fetcher) wantInUse(t *testing.T, want ...string) {
	t.Helper()
	if got := content.NewShelf(f.data).Load().Packs[1:]; !slices.Equal(got, append([]string{}, want...)) {
		t.Errorf("in use are %v, want %v", got, want)
	}
}

// has tells whether the box still has a document.
func (f fetcher) has(id string, lang advisory.Lang) bool {
	return slices.ContainsFunc(content.NewShelf(f.data).Load().Documents, func(d *advisory.Document) bool { return d.ID == id && d.Lang == lang })
}

func TestContentComesFromTheHub(t *testing.T) {
	o, f := newPublisher(t), newFetcher(t)
	o.publish("office", "1", "Keep the pen dry", 0)
	o.publish("vets", "1", "Call the vet", 0)
	f.follow(t, o, "office@1", "vets@1")
	used, done, err := f.Follow(t.Context(), hubSource{http.DefaultClient, "http://127.0.0.1:1"}, o.root, o.announced(), plenty)
	if err != nil || !done || used != 0 {
		t.Errorf("with nothing new %d bytes were fetched, %v", used, err)
	}
	o.publish("office", "2", "Keep the pen clean", 0)
	f.follow(t, o, "office@2", "vets@1")
	if err := o.Withdraw(t.Context(), "office@2", "Amina"); err != nil {
		t.Fatal(err)
	}
	f.follow(t, o, "office@1", "vets@1")
	if !f.has("snakebite", "en") {
		t.Fatal("the starter has no snakebite")
	}
	if err := o.WithdrawDocument(t.Context(), "en/snakebite", "Amina"); err != nil {
		t.Fatal(err)
	}
	f.follow(t, o, "office@1", "vets@1")
	if f.has("snakebite", "en") || !f.has("snakebite", "sw") {
		t.Error("taken back in English, the document is there in English, or gone in Swahili")
	}
	for range 2 {
		if err := errors.Join(o.RotateKeys(t.Context(), "", false), o.RotateKeys(t.Context(), "", true)); err != nil {
			t.Fatal(err)
		}
	}
	o.publish("goats", "1", "Trim the hooves", 0)
	f.follow(t, o, "office@1", "vets@1", "goats@1")
	if left, err := os.ReadDir(filepath.Join(f.data, "cache")); err != nil || len(left) > 0 {
		t.Errorf("left in the cache: %v, %v", left, err)
	}
}

func TestRefusalIsToldOnce(t *testing.T) {
	o, stranger, f := newPublisher(t), newPublisher(t), newFetcher(t)
	o.publish("office", "1", "Keep the pen dry", 0)
	f.follow(t, o, "office@1")
	stranger.publish("thief", "1", "Pay the thief", 0)
	stick := newStick(t)
	if err := stranger.CopyContent(t.Context(), stick); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		_, _, err := f.Follow(t.Context(), stickSource{stick}, o.root, nil, plenty)
		if why, ok := content.Refused(err); !ok || why != content.Forged {
			t.Errorf("another office's stick: %v", err)
		}
	}
	f.wantInUse(t, "office@1")
	if n := f.healthEvents(t, content.Forged); n != 1 {
		t.Errorf("told %d times, want once", n)
	}
	if r, err := f.Refused(t.Context()); err != nil || r == nil || r.Reason != content.Forged {
		t.Errorf("the status says %+v, %v", r, err)
	}
	o.publish("office", "2", "Keep the pen clean", 0)
	f.follow(t, o, "office@2")
	if r, err := f.Refused(t.Context()); err != nil || r != nil {
		t.Errorf("all is in order, and the status says %+v, %v", r, err)
	}
}

// healthEvents counts the health events of a reason.
func (f fetcher) healthEvents(t *testing.T, why advisory.Reason) int {
	t.Helper()
	var out strings.Builder
	if err := f.store.Export(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	return strings.Count(out.String(), `"reason":"`+string(why)+`"`)
}

// newStick is a folder in the part of a stick.
func newStick(t *testing.T) *os.Root {
	t.Helper()
	r, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func TestContentComesOnAStick(t *testing.T) {
	o, f := newPublisher(t), newFetcher(t)
	o.publish("office", "1", "Keep the pen dry", 50_000)
	stick := newStick(t)
	lies := filepath.Join(stick.Name(), filepath.FromSlash(wire.StickContent))
	copied := func() {
		t.Helper()
		if err := o.CopyContent(t.Context(), stick); err != nil {
			t.Fatal(err)
		}
	}
	follow := func(want ...string) {
		t.Helper()
		if _, done, err := f.Follow(t.Context(), stickSource{stick}, o.root, nil, plenty); err != nil || !done {
			t.Errorf("done: %v, %v", done, err)
		}
		f.wantInUse(t, want...)
	}
	copied()
	follow("office@1")
	follow("office@1") // the same stick again
	if err := o.RotateKeys(t.Context(), "", true); err != nil {
		t.Fatal(err)
	}
	p := o.publish("office", "2", "Keep the pen clean", 0)
	copied()
	for _, harm := range []func() error{
		func() error { return os.Remove(filepath.Join(lies, p.SHA256)) },
		func() error { return os.Symlink("/etc/passwd", filepath.Join(lies, p.SHA256)) },
	} {
		if err := harm(); err != nil {
			t.Fatal(err)
		}
		if _, done, err := f.Follow(t.Context(), stickSource{stick}, o.root, nil, plenty); done || wire.AsError(err).Code != advisory.NotFound {
			t.Errorf("a stick that lacks an archive: %v, %v", done, err)
		}
		f.wantInUse(t, "office@1")
	}
	if err := os.Remove(filepath.Join(lies, p.SHA256)); err != nil {
		t.Fatal(err)
	}
	copied()
	follow("office@2")
	if _, _, err := f.Follow(t.Context(), stickSource{newStick(t)}, o.root, nil, plenty); wire.AsError(err).Code != advisory.NotFound {
		t.Errorf("an empty stick: %v", err)
	}
}

func TestHubThatAnswersWrongly(t *testing.T) {
	o, f := newPublisher(t), newFetcher(t)
	o.publish("office", "1", "Keep the pen dry", 0)
	announced := o.announced()
	for name, answer := range map[string]http.HandlerFunc{
		"an error":       func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) },
		"a sign-in page": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>please sign in</html>") },
		"an endless file": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Range", "bytes 0-9/999999999999")
			w.WriteHeader(206)
			_, _ = w.Write(make([]byte, 1<<20))
		},
		"another range": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Range", "bytes 5-9/10")
			w.WriteHeader(206)
		},
		"a redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusFound)
		},
		"nothing": func(w http.ResponseWriter, _ *http.Request) {},
		"a broken sentence": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, "{")
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(answer)
			defer s.Close()
			used, done, err := f.Follow(t.Context(), hubSource{http.DefaultClient, s.URL}, o.root, announced, plenty)
			if err == nil || done || used > mostSigned+heads {
				t.Errorf("%d bytes, done: %v, %v", used, done, err)
			}
			f.wantInUse(t)
		})
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, _, err := f.Follow(ctx, hubSource{http.DefaultClient, o.url}, o.root, announced, plenty); err == nil {
		t.Error("a context that has ended fetched")
	}
}
