package content

import (
	"cmp"
	_ "embed"
	"regexp"
	"slices"
	"sync"
)

// The file holds the pictures of the menu, and of the crops and animals that are farmed, one symbol each, drawn for this project on a field of 48 by 48. They are black
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

// picturedAs names the pictures that are called otherwise than the concept.
var picturedAs = map[string]string{
	"arecanut": "areca", "betel-vine": "vine", "black-pepper": "pepper", "cattle": "cow", "chicken": "hen", "napier-grass": "grass", "pearl-millet": "millet",
}

// PictureOf gives the name of the picture of a concept, by its id; "" where none was drawn.
func PictureOf(concept string) string {
	if name := cmp.Or(picturedAs[concept], concept); slices.Contains(Pictures(), name) {
		return name
	}
	return ""
}
