package content

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"jembe/advisory"
)

// manifestOf gives the true manifest of files.
func manifestOf(fs files) Manifest {
	m := Manifest{Name: "office", Version: "1"}
	for _, name := range slices.Sorted(maps.Keys(fs)) {
		if name == manifestName {
			continue
		}
		h := sha256.Sum256([]byte(fs[name]))
		m.Files = append(m.Files, File{name, hex.EncodeToString(h[:]), int64(len(fs[name]))})
	}
	return m
}

// entry is one entry of an archive made by hand.
type entry struct {
	name string
	kind byte
	text string
}

// handmade packs entries as they are.
func handmade(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var out bytes.Buffer
	z, err := zstd.NewWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	w := tar.NewWriter(z)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Typeflag: e.kind, Mode: 0o644}
		if e.kind == tar.TypeReg {
			h.Size = int64(len(e.text))
		} else {
			h.Linkname = e.text
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if e.kind == tar.TypeReg {
			if _, err := w.Write([]byte(e.text)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// entriesOf gives the entries of a sound archive of the files.
func entriesOf(fs files) []entry {
	out := []entry{{manifestName, tar.TypeReg, string(manifestOf(fs).encode())}}
	for _, f := range manifestOf(fs).Files {
		out = append(out, entry{f.Path, tar.TypeReg, fs[f.Path]})
	}
	return out
}

func TestArchivesOfOtherTools(t *testing.T) {
	// as "tar --zstd -cf pack.tar.zst ." writes them: folders too, "./" before each name, the manifest anywhere
	entries := []entry{{"./", tar.TypeDir, ""}, {"./docs/", tar.TypeDir, ""}}
	for _, e := range slices.Backward(entriesOf(office())) {
		entries = append(entries, entry{"./" + e.name, e.kind, e.text})
	}
	if _, err := readArchive(bytes.NewReader(handmade(t, entries...)), discard); err != nil {
		t.Error(err)
	}
}

func TestArchiveRefused(t *testing.T) {
	sound := entriesOf(office())
	with := func(more ...entry) []entry { return append(slices.Clone(sound), more...) }
	forged := func(change func(*Manifest)) []entry {
		m := manifestOf(office())
		change(&m)
		return append([]entry{{manifestName, tar.TypeReg, string(m.encode())}}, sound[1:]...)
	}
	tests := []struct {
		name    string
		entries []entry
		says    string
	}{
		{"nothing", nil, "has no manifest.json"},
		{"no manifest", sound[1:], "has no manifest.json"},
		{"manifest alone", sound[:1], "is missing"},
		{"two manifests", with(sound[0]), "manifest.json twice"},
		{"file less", sound[:len(sound)-1], "is missing"},
		{"file more", with(entry{"vectors/more.bin", tar.TypeReg, "x"}), "vectors/more.bin is not in the manifest"},
		{"file twice", with(sound[1]), "twice"},
		{"way out", with(entry{"../evil.md", tar.TypeReg, "x"}), "no file of a pack"},
		{"way out within", with(entry{"docs/../../evil.md", tar.TypeReg, "x"}), "no file of a pack"},
		{"absolute", with(entry{"/etc/evil", tar.TypeReg, "x"}), "no file of a pack"},
		{"backslash", with(entry{`docs\en\x.md`, tar.TypeReg, "x"}), "no file of a pack"},
		{"hidden", with(entry{"docs/en/.x.md", tar.TypeReg, "x"}), "no file of a pack"},
		{"stranger", with(entry{"run.sh", tar.TypeReg, "x"}), "no file of a pack"},
		{"folder outside", with(entry{"../up/", tar.TypeDir, ""}), "no file of a pack"},
		{"symbolic link", with(entry{"vectors/link", tar.TypeSymlink, "/etc/passwd"}), "no file of a pack"},
		{"hard link", with(entry{"vectors/link", tar.TypeLink, "docs/en/goat-pen.md"}), "no file of a pack"},
		{"device", with(entry{"vectors/null", tar.TypeChar, ""}), "no file of a pack"},
		{"other bytes", append(slices.Clone(sound[:len(sound)-1]), entry{"vectors/hash-64.bin", tar.TypeReg, "\x00\x01\x03"}), "has changed"},
		{"manifest of no files", forged(func(m *Manifest) { m.Files = nil }), "lists no files"},
		{"manifest with a way out", forged(func(m *Manifest) { m.Files[0].Path = "../LICENSE" }), "no file of a pack"},
		{"manifest listing twice", forged(func(m *Manifest) { m.Files[1] = m.Files[0] }), "twice"},
		{"manifest listing twice but for case", forged(func(m *Manifest) { m.Files[1].Path = "docs/EN/goat-pen.md"; m.Files[2].Path = "docs/en/goat-pen.md" }), "twice"},
		{"manifest without a hash", forged(func(m *Manifest) { m.Files[0].SHA256 = "" }), "no SHA-256"},
		{"manifest of a giant", forged(func(m *Manifest) { m.Files[0].Size = maxFile + 1 }), "at most"},
		{"manifest of many giants", forged(func(m *Manifest) { m.Files[0].Size, m.Files[1].Size, m.Files[2].Size = maxFile, maxFile, maxFile }), "at most"},
		{"manifest with another size", forged(func(m *Manifest) { m.Files[0].Size++ }), "has changed"},
		{"bad name", forged(func(m *Manifest) { m.Name = "../x" }), "pack name"},
		{"bad version", forged(func(m *Manifest) { m.Version = "1-2" }), "pack version"},
		{"document with a mistake", entriesOf(office().with(files{"docs/en/goat-pen.md": "---\nid: goat-pen\n---\n"})), "docs/en/goat-pen.md:2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "pack.tar.zst")
			if err := os.WriteFile(name, handmade(t, tt.entries...), 0o644); err != nil {
				t.Fatal(err)
			}
			_, err := VerifyArchive(name)
			wantCode(t, err, advisory.CorruptPack)
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v, want %q", err, tt.says)
			}
			if _, err := NewShelf(t.TempDir()).Install(name); err == nil {
				t.Error("installed")
			}
		})
	}
}

// zeros is an endless file.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestBombIsRefused(t *testing.T) {
	name := filepath.Join(t.TempDir(), "bomb.tar.zst")
	out, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	z, err := zstd.NewWriter(out, zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		t.Fatal(err)
	}
	w := tar.NewWriter(z)
	if err := w.WriteHeader(&tar.Header{Name: "vectors/bomb", Typeflag: tar.TypeReg, Size: maxFile + 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(w, zeros{}, maxFile+1); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = VerifyArchive(name)
	wantCode(t, err, advisory.CorruptPack)
}

// TestDamagedArchives cuts a pack off and changes its bytes, at many places.
func TestDamagedArchives(t *testing.T) {
	raw, err := os.ReadFile(built(t, office()))
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(raw) {
		if _, err := readArchive(bytes.NewReader(raw[:n]), discard); err == nil {
			t.Errorf("cut to %d of %d bytes: accepted", n, len(raw))
		}
	}
	for i := range raw {
		bad := slices.Clone(raw)
		bad[i] ^= 0x10
		p, err := readArchive(bytes.NewReader(bad), discard)
		if err == nil && p.Manifest.fingerprint() != manifestOf(office()).fingerprint() {
			t.Errorf("byte %d changed: another pack accepted", i)
		}
	}
}

func FuzzReadArchive(f *testing.F) {
	f.Add(handmade(f, entriesOf(office())...))
	f.Add(handmade(f, entry{"../x", tar.TypeSymlink, "y"}))
	f.Add([]byte{0x28, 0xb5, 0x2f, 0xfd})
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := readArchive(bytes.NewReader(raw), discard)
		if err == nil && p.Manifest.check() != nil {
			t.Fatalf("accepted %+v", p.Manifest)
		}
	})
}
