package content

import (
	"embed"
	"fmt"
	"io/fs"
	"sync"
)

//go:embed library
var library embed.FS

// Starter gives the pack that is part of the program. It is read once; callers must not change it. The error tells what is wrong
// in the library; the pack of what could be read is there even then.
func Starter() (*Pack, error) { return starter() }

var starter = sync.OnceValues(readStarter)

func readStarter() (*Pack, error) {
	nothing := &Pack{Manifest: Manifest{Name: "starter", Version: "0"}}
	root, err := fs.Sub(library, "library")
	if err != nil {
		return nothing, fmt.Errorf("open the starter pack: %w", err)
	}
	p, _, problems, err := open(root, nothing.Manifest.Name, nothing.Manifest.Version)
	if err != nil {
		return nothing, fmt.Errorf("read the starter pack: %w", err)
	}
	return p, problems.err()
}
