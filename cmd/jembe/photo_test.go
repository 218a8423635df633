package main

import (
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/boombuler/barcode/qr"

	"jembe/cmd/terminal"
)

// photoOfCode gives a QR code as a phone sees it: turned by some degrees, grey, noisy, as JPEG.
func photoOfCode(t *testing.T, text string, degrees float64) string {
	t.Helper()
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		t.Fatal(err)
	}
	const side, module = 900, 7.0
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	modules := code.Bounds().Dx()
	noise := rand.New(rand.NewPCG(1, 2))
	photo := image.NewGray(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			dx, dy := float64(x-side/2), float64(y-side/2)
			u := int(math.Floor((cos*dx+sin*dy)/module + float64(modules)/2))
			v := int(math.Floor((cos*dy-sin*dx)/module + float64(modules)/2))
			level := 205 - x/30
			if u >= 0 && v >= 0 && u < modules && v < modules && code.At(u, v) != color.White {
				level = 55 + y/30
			}
			photo.SetGray(x, y, color.Gray{uint8(level + noise.IntN(25))})
		}
	}
	path := filepath.Join(t.TempDir(), "photo.jpg")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := jpeg.Encode(f, photo, &jpeg.Options{Quality: 60}); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestEnrollFromAPhoto(t *testing.T) {
	h := startHub(t)
	for _, degrees := range []float64{0, 9, 100, -170} {
		data := t.TempDir()
		if r := jembe(t, data, "enroll", "--photo", photoOfCode(t, invitation(t, h, ""), degrees)); r.code != terminal.OK || !strings.Contains(r.stdout, "Kipsigak") {
			t.Errorf("turned by %v degrees: exit %d, %s%s", degrees, r.code, r.stdout, r.stderr)
		}
	}
}

func TestBadPhotos(t *testing.T) {
	dir := t.TempDir()
	blank, words := filepath.Join(dir, "blank.png"), filepath.Join(dir, "words.png")
	f, err := os.Create(blank)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, image.NewGray(image.Rect(0, 0, 300, 300))); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if err := os.WriteFile(words, []byte("jembe1-"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"the whole QR code is sharp": {"--photo", blank}, "give a PNG or JPEG photo": {"--photo", words},
		"there is no": {"--photo", filepath.Join(dir, "none.png")}, "not both": {"jembe1-", "--photo", blank},
		"jembe-hub enroll": {"--photo", photoOfCode(t, "https://example.org", 0)},
	} {
		if r := jembe(t, t.TempDir(), append([]string{"enroll"}, args...)...); r.code != terminal.Usage || !strings.Contains(r.stderr, want) {
			t.Errorf("%v: exit %d, %q; want %q", args, r.code, r.stderr, want)
		}
	}
}
