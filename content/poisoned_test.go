package content

import (
	"archive/tar"
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// archiveOf makes an archive of a pack that lists only what is listed, of any entries.
func archiveOf(t *testing.T, list files, entries ...tar.Header) []byte {
	t.Helper()
	m := Manifest{Name: "office", Version: "3"}
	for _, name := range slices.Sorted(maps.Keys(list)) {
		m.Files = append(m.Files, File{name, hashOf([]byte(list[name])), int64(len(list[name]))})
	}
	var out bytes.Buffer
	z, err := zstd.NewWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	w := tar.NewWriter(z)
	write := func(h tar.Header, body string) {
		if h.Typeflag == 0 {
			h.Typeflag = tar.TypeReg
		}
		if h.Typeflag == tar.TypeReg {
			h.Size = int64(len(body))
		}
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if h.Typeflag == tar.TypeReg {
			if _, err := io.WriteString(w, body); err != nil {
				t.Fatal(err)
			}
		}
	}
	write(tar.Header{Name: manifestName}, string(m.encode()))
	for _, f := range m.Files {
		write(tar.Header{Name: f.Path}, list[f.Path])
	}
	for _, h := range entries {
		write(h, "x")
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestPoisonedArchives has the publisher sign, by mistake or under a thief's hand, archives that are no packs. The publication is in
// order and accepted; the packs are refused, and nothing on the disk changes.
func TestPoisonedArchives(t *testing.T) {
	doc := files{"docs/en/goat-pen.md": plain("goat-pen", "en", "A dry pen")}
	good, err := os.ReadFile(pack(t, "office", "3"))
	if err != nil {
		t.Fatal(err)
	}
	vets, err := os.ReadFile(pack(t, "vets", "7"))
	if err != nil {
		t.Fatal(err)
	}
	bomb := func(size int) []byte {
		var out bytes.Buffer
		z, _ := zstd.NewWriter(&out)
		w := tar.NewWriter(z)
		_ = w.WriteHeader(&tar.Header{Name: "vectors/zeros.bin", Typeflag: tar.TypeReg, Size: int64(size)})
		zeros := make([]byte, 1<<20)
		for range size >> 20 {
			_, _ = w.Write(zeros)
		}
		_ = errors.Join(w.Close(), z.Close())
		return out.Bytes()
	}
	f, p, _ := victim(t)
	attacks := map[string][]byte{
		"another pack under the name":     vets,
		"no archive":                      []byte("not an archive at all"),
		"cut archive":                     good[:len(good)/2],
		"a path that leads out":           archiveOf(t, doc, tar.Header{Name: "../../../evil"}),
		"a path that leads out, inside":   archiveOf(t, doc, tar.Header{Name: "docs/en/../../../evil.md"}),
		"an absolute path":                archiveOf(t, doc, tar.Header{Name: "/etc/evil"}),
		"a hidden file":                   archiveOf(t, doc, tar.Header{Name: "docs/.evil"}),
		"a symbolic link":                 archiveOf(t, doc, tar.Header{Name: "docs/en/link.md", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}),
		"a hard link":                     archiveOf(t, doc, tar.Header{Name: "docs/en/link.md", Typeflag: tar.TypeLink, Linkname: "/etc/passwd"}),
		"a device":                        archiveOf(t, doc, tar.Header{Name: "docs/en/dev.md", Typeflag: tar.TypeBlock}),
		"a pipe":                          archiveOf(t, doc, tar.Header{Name: "docs/en/pipe.md", Typeflag: tar.TypeFifo}),
		"a file twice":                    archiveOf(t, doc, tar.Header{Name: "docs/en/goat-pen.md"}),
		"a file that is not listed":       archiveOf(t, doc, tar.Header{Name: "docs/en/more.md"}),
		"a second manifest":               archiveOf(t, doc, tar.Header{Name: manifestName}),
		"a document that is none":         archiveOf(t, files{"docs/en/goat-pen.md": "no front matter"}),
		"markup in a document":            archiveOf(t, files{"docs/en/goat-pen.md": plain("goat-pen", "en", "<script>x</script>")}),
		"a bomb of a gigabyte":            bomb(1 << 30),
		"a bomb in one file":              bomb(maxFile + 2<<20),
		"nothing but a manifest":          archiveOf(t, files{}),
		"a file that is listed elsewhere": archiveOf(t, files{"docs/en/goat-pen.md": doc["docs/en/goat-pen.md"], "../x": "y"}),
	}
	for name, raw := range attacks {
		t.Run(name, func(t *testing.T) {
			f, p := another(t, f), *p
			entry := p.entry("office", "3", raw)
			if err := f.Accept(f.root, p.publish(entry)); err != nil {
				t.Fatal(err)
			}
			wantStill(t, f, &p)
		})
	}
	for name, change := range map[string]func(ChannelPack, string) ChannelPack{
		"an archive of other bytes": func(e ChannelPack, file string) ChannelPack { overwrite(t, file, vets); return e },
		"an archive that is longer": func(e ChannelPack, file string) ChannelPack {
			overwrite(t, file, append(slices.Clone(good), 0))
			return e
		},
		"a size that is too small": func(e ChannelPack, _ string) ChannelPack { e.Size--; return e },
		"a size that is too large": func(e ChannelPack, _ string) ChannelPack { e.Size++; return e },
		"an archive that is missing": func(e ChannelPack, file string) ChannelPack {
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
			return e
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, p := another(t, f), *p
			entry := p.entry("office", "3", good)
			if err := f.Accept(f.root, p.publish(change(entry, filepath.Join(p.archives, entry.SHA256)))); err != nil {
				t.Fatal(err)
			}
			wantStill(t, f, &p)
		})
	}
}

// another gives a copy of a box, to be harmed alone.
func another(t *testing.T, f follower) follower {
	t.Helper()
	copied := follower{NewShelf(t.TempDir()), f.root}
	if err := os.CopyFS(copied.dir, os.DirFS(f.dir)); err != nil {
		t.Fatal(err)
	}
	return copied
}

// overwrite writes a file of a test.
func overwrite(t *testing.T, file string, raw []byte) {
	t.Helper()
	if err := os.WriteFile(file, raw, 0o644); err != nil {
		t.Fatal(err)
	}
}

// wantStill expects that following fails and leaves the disk as it is, with the packs of victim in use.
func wantStill(t *testing.T, f follower, p *press) {
	t.Helper()
	before := treeOf(t, filepath.Dir(f.dir))
	if err := f.Follow(p.archives); err == nil {
		t.Error("not refused")
	}
	if treeOf(t, filepath.Dir(f.dir)) != before {
		t.Error("the disk has changed")
	}
	f.wantInUse(t, "office@2", "vets@1")
}

// TestDamagedSetDoesNotOpenTheDoor: a set that cannot be read begins the channel anew, with the pinned root and no other.
func TestDamagedSetDoesNotOpenTheDoor(t *testing.T) {
	f, p, history := victim(t)
	overwrite(t, filepath.Join(f.dir, "set.json"), []byte(base64.StdEncoding.EncodeToString([]byte("noise"))))
	stranger := newPress(t)
	wantRefused(t, f.Accept(f.root, stranger.publish()), Forged)
	f.take(t, p, history[3])
	f.wantInUse(t, "office@2", "vets@1")
}
