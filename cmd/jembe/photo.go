package main

import (
	"fmt"
	"image"
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
	dots, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		return "", bad(err)
	}
	found, err := qrcode.NewQRCodeReader().Decode(dots, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		return "", bad(fmt.Errorf("there is no QR code that can be read: %w", err))
	}
	return found.GetText(), nil
}
