package main

import (
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg" // the formats of phones and of the office's page
	_ "image/png"
	"os"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"jembe/advisory"
)

// largestPhoto is how many pixels a photo may have: one of 24 megapixels takes 100 MB to open.
const largestPhoto = 24 << 20

// readQR gives the text of the QR code in a photo (PNG or JPEG, in any direction). The error tells how to take a better one.
func readQR(path string) (string, error) {
	bad := func(err error) error {
		return &advisory.Error{Code: advisory.BadRequest, Err: fmt.Errorf("%s: %w", path, err),
			Hint: "give a PNG or JPEG photo in which the whole QR code is sharp, with its white border, or type the invitation"}
	}
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("open the photo: %w", err)
	}
	defer f.Close()
	size, _, err := image.DecodeConfig(f)
	if err != nil {
		return "", bad(err)
	}
	if size.Width*size.Height > largestPhoto {
		return "", bad(fmt.Errorf("%d x %d pixels are too many", size.Width, size.Height))
	}
	if _, err := f.Seek(0, 0); err != nil {
		return "", fmt.Errorf("read the photo: %w", err)
	}
	picture, _, err := image.Decode(f)
	if err != nil {
		return "", bad(err)
	}
	text, err := decodeQR(picture)
	for range 2 { // smaller, the noise of a cheap camera is less
		if err == nil {
			break
		}
		picture = halved(picture)
		text, err = decodeQR(picture)
	}
	if err != nil {
		return "", bad(fmt.Errorf("there is no QR code that can be read: %w", err))
	}
	return text, nil
}

// decodeQR looks for a code in a picture, with the two ways that ZXing has to tell dark from light.
func decodeQR(picture image.Image) (string, error) {
	light := gozxing.NewLuminanceSourceFromImage(picture)
	var failed error
	for _, way := range []gozxing.Binarizer{gozxing.NewHybridBinarizer(light), gozxing.NewGlobalHistgramBinarizer(light)} {
		dots, err := gozxing.NewBinaryBitmap(way)
		if err != nil {
			return "", err
		}
		found, err := qrcode.NewQRCodeReader().Decode(dots, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
		if err == nil {
			return found.GetText(), nil
		}
		failed = err
	}
	return "", failed
}

// halved gives a grey picture of half the width and height.
func halved(picture image.Image) image.Image {
	b := picture.Bounds()
	out := image.NewGray(image.Rect(0, 0, b.Dx()/2, b.Dy()/2))
	for y := range b.Dy() / 2 {
		for x := range b.Dx() / 2 {
			sum := 0
			for _, d := range [4]image.Point{{}, {X: 1}, {Y: 1}, {X: 1, Y: 1}} {
				sum += int(color.GrayModel.Convert(picture.At(b.Min.X+2*x+d.X, b.Min.Y+2*y+d.Y)).(color.Gray).Y)
			}
			out.SetGray(x, y, color.Gray{uint8(sum / 4)})
		}
	}
	return out
}
