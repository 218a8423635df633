package hub

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/content"
)

// officePack builds the archive of a pack with one document.
func officePack(t *testing.T, version, reply string) []byte {
	t.Helper()
	d := content.Draft{ID: "cassava-rot", Lang: "en", Question: "My cassava roots rot, what can I do?", Reply: reply,
		Source: advisory.Source{Name: "Test", URL: "https://office.example/1", Year: 2026}, ReviewBy: time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)}
	text, err := d.Markdown()
	if err != nil {
		t.Fatal(err)
	}
	dir, out := t.TempDir(), filepath.Join(t.TempDir(), "office.tar.zst")
	if err := os.MkdirAll(filepath.Join(dir, "docs", "en"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "docs", "en", "cassava-rot.md"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := content.Build(dir, out, content.BuildOptions{Name: "office", Version: version}); err != nil {
		t.Fatal(err)
	}
	archive, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return archive
}

// publish uploads an archive as the page's form does.
func (b *browser) publish(archive []byte) reply {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("pack", "../../../etc/office.tar.zst")
	if err == nil {
		_, err = part.Write(archive)
	}
	if err != nil || w.Close() != nil {
		b.t.Fatal(err)
	}
	return b.send(http.MethodPost, "/content", &body, map[string]string{"Content-Type": w.FormDataContentType()})
}

func TestPublishAndTakeBack(t *testing.T) {
	o := newTestOffice(t)
	b := o.as(t, Curator)
	advice := "Pull up the sick plants and burn them. Plant healthy stems in another field."
	first := officePack(t, "1", advice)
	if got := b.publish(first); got.status != http.StatusOK && got.status != http.StatusSeeOther {
		t.Fatalf("%d %s", got.status, got.problem())
	}
	if page := b.get("/content"); !strings.Contains(page.body, "office@1") || !strings.Contains(page.body, "2027-01-31") {
		t.Errorf("published, and not shown: %s", page.body)
	}
	for name, archive := range map[string][]byte{
		"the same version again": first,
		"no archive":             []byte("<html>"),
		"cut off":                first[:len(first)/2],
	} {
		if got := b.publish(archive); got.status != http.StatusBadRequest || got.problem() == "" {
			t.Errorf("%s: %d %q", name, got.status, got.problem())
		}
	}
	if got := b.post("/content"); got.status != http.StatusBadRequest {
		t.Errorf("no file: %d", got.status)
	}
	takeBack(t, b, officePack(t, "2", advice))
	packs, err := o.Packs(t.Context())
	if err != nil || len(packs) != 1 || packs[0].Withdrawn == 0 || packs[0].By != "curator" {
		t.Errorf("%+v %v", packs, err)
	}
	left, err := filepath.Glob(filepath.Join(o.Data, ".upload-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("uploads are left: %v %v", left, err)
	}
	deeds, err := o.Staff().Audit(t.Context(), 0, 100)
	if did := func(action string) bool {
		return slices.ContainsFunc(deeds, func(d Deed) bool { return d.Actor == "curator" && d.Action == action })
	}; err != nil || !did("pack published") || !did("content taken back") {
		t.Errorf("%+v %v", deeds, err)
	}
}

// takeBack takes back the document, which a second pack then cannot bring again, and the pack.
func takeBack(t *testing.T, b *browser, second []byte) {
	t.Helper()
	if got := b.post("/content/withdraw", "document", "cassava-rot"); got.status != http.StatusSeeOther {
		t.Fatalf("%d %s", got.status, got.problem())
	}
	if got := b.publish(second); got.status != http.StatusBadRequest {
		t.Errorf("a document that was taken back comes again: %d", got.status)
	}
	for _, fields := range [][]string{{}, {"pack", "nobody@7"}, {"document", "../../etc/passwd"}, {"document", "<b>"}} {
		if got := b.post("/content/withdraw", fields...); got.status != http.StatusBadRequest {
			t.Errorf("%q: %d", fields, got.status)
		}
	}
	if got := b.post("/content/withdraw", "pack", "office@1"); got.status != http.StatusSeeOther {
		t.Fatalf("%d %s", got.status, got.problem())
	}
}
