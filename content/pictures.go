package content

import (
	_ "embed"
	"regexp"
	"sync"
)

// The file holds the pictures of the menu, one symbol each, drawn for this project on a field of 48 by 48. They are black
// shapes on no ground, to be told apart at 48 pixels and when printed without colour; what is white in them takes the colour
// --card of the page around.
//
//go:embed pictures.svg
var pictureSheet []byte

// PictureSheet gives the SVG file of all pictures; a picture is used as file#name.
func PictureSheet() []byte { return pictureSheet }

var symbolID = regexp.MustCompile(`<symbol id="([a-z0-9-]+)"`)

// Pictures gives the names of all pictures in the order of the file.
func Pictures() []string { return pictureNames() }

var pictureNames = sync.OnceValue(func() []string {
	var out []string
	for _, m := range symbolID.FindAllSubmatch(pictureSheet, -1) {
		out = append(out, string(m[1]))
	}
	return out
})
