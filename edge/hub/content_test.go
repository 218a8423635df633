package hub

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"jembe/advisory"
)

func TestKeysAreMadeMovedAndRotated(t *testing.T) {
	data := t.TempDir()
	h := openHub(t, Config{Data: data})
	first, err := h.ChannelKeys(t.Context())
	if err != nil || first.RootFile == "" {
		t.Fatalf("%+v, %v", first, err)
	}
	if again, err := openHub(t, Config{Data: data}).ChannelKeys(t.Context()); err != nil || again != first {
		t.Errorf("opened again, the keys are %+v, %v", again, err)
	}
	for _, e := range entries(t, h.keysDir()) {
		if st, err := e.Info(); err != nil || st.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, %v", e.Name(), st.Mode(), err)
		}
	}
	mustPublish(t, h, "office", "1")
	kept := filepath.Join(t.TempDir(), "root.key")
	if err := h.ExportRoot(t.Context(), kept); err != nil {
		t.Fatal(err)
	}
	if now, err := h.ChannelKeys(t.Context()); err != nil || now.RootFile != "" || now.Root != first.Root {
		t.Errorf("moved away, the keys are %+v, %v", now, err)
	}
	wantCode(t, h.ExportRoot(t.Context(), kept+"2"), advisory.NotFound)
	wantCode(t, h.RotateKeys(t.Context(), "", false), advisory.BadRequest)
	other := filepath.Join(t.TempDir(), "other.key")
	if err := openHub(t, Config{Data: t.TempDir()}).ExportRoot(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	wantCode(t, h.RotateKeys(t.Context(), other, false), advisory.BadRequest)
	before := inForce(t, h)
	if err := h.RotateKeys(t.Context(), kept, false); err != nil {
		t.Fatal(err)
	}
	after, err := h.ChannelKeys(t.Context())
	if c := inForce(t, h); err != nil || after.Publisher == first.Publisher || c.Version <= before.Version || c.Keys != 2 {
		t.Errorf("rotated: %+v, %v; content %d under keys %d", after, err, c.Version, c.Keys)
	}
	if err := h.RotateKeys(t.Context(), kept, true); err != nil {
		t.Fatal(err)
	}
	mustPublish(t, h, "office", "2")
	if n := len(entries(t, h.keysDir())); n != 2 {
		t.Errorf("%d files of keys, want the publisher's and the new root's", n)
	}
}

func entries(t *testing.T, dir string) []os.DirEntry {
	t.Helper()
	out, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestContentIsServed(t *testing.T) {
	h := openHub(t, Config{Data: t.TempDir()})
	s := httptest.NewServer(h)
	defer s.Close()
	get := func(path string, head ...string) (int, string, http.Header) {
		t.Helper()
		q, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(head); i += 2 {
			q.Header.Set(head[i], head[i+1])
		}
		r, err := http.DefaultClient.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return r.StatusCode, string(body), r.Header
	}
	if code, _, _ := get("/v1/line/content.json"); code != http.StatusNotFound {
		t.Errorf("before anything was published: %d", code)
	}
	mustPublish(t, h, "office", "1")
	p := inForce(t, h).Packs[0]
	raw, err := os.ReadFile(filepath.Join(h.contentDir(), p.SHA256))
	if err != nil {
		t.Fatal(err)
	}
	archive := "/v1/line/content/" + p.SHA256
	code, body, header := get(archive)
	if code != http.StatusOK || body != string(raw) || header.Get("ETag") != `"`+p.SHA256+`"` || !strings.Contains(header.Get("Cache-Control"), "immutable") {
		t.Errorf("%d, %d bytes, %v", code, len(body), header)
	}
	if code, body, header = get(archive, "Range", "bytes=100-"); code != http.StatusPartialContent || body != string(raw[100:]) || header.Get("Content-Range") == "" {
		t.Errorf("from byte 100: %d, %d bytes of %d", code, len(body), len(raw))
	}
	if code, _, _ = get(archive, "If-None-Match", `"`+p.SHA256+`"`); code != http.StatusNotModified {
		t.Errorf("with its ETag: %d", code)
	}
	for _, path := range []string{"/v1/line/content/" + strings.Repeat("a", 64), "/v1/line/content/..%2f..%2fkey", "/v1/line/content/%2e%2e", "/v1/line/key",
		"/v1/line/root-0.json", "/v1/line/..%2fhub.db", "/v1/line/publisher.key", "/v1/line/content.json.minisig.minisig"} {
		if code, _, _ := get(path); code != http.StatusNotFound {
			t.Errorf("%s: %d", path, code)
		}
	}
	checkWithMinisign(t, h, get)
	if err := h.Withdraw(t.Context(), "office", "Amina"); err != nil {
		t.Fatal(err)
	}
	if code, _, _ := get(archive); code != http.StatusNotFound {
		t.Errorf("taken back, the archive is served with %d", code)
	}
}

// checkWithMinisign checks what is served with the minisign that everybody has.
func checkWithMinisign(t *testing.T, h *Hub, get func(string, ...string) (int, string, http.Header)) {
	t.Helper()
	if _, err := exec.LookPath("minisign"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("apt-get install minisign")
		}
		t.Log("not checked with minisign: apt-get install minisign")
		return
	}
	keys, err := h.ChannelKeys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, key := range map[string]string{"content.json": keys.Publisher, "keys.json": keys.Root} {
		for _, n := range []string{name, name + ".minisig"} {
			_, body, _ := get("/v1/line/" + n)
			if err := os.WriteFile(filepath.Join(dir, n), []byte(body), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if out, err := exec.Command("minisign", "-Vm", filepath.Join(dir, name), "-P", key).CombinedOutput(); err != nil {
			t.Errorf("minisign -Vm %s: %v\n%s", name, err, out)
		}
	}
}
