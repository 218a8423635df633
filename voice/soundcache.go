package voice

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// soundCache keeps rendered sound as <hash>.wav, the least lately used going first when it is over its size. It is only a
// help: whatever the disk does, speaking goes on without it.
type soundCache struct {
	dir string // "": keeps nothing
	max int64  // bytes

	mu sync.Mutex // one put at a time, so that two do not both make room
}

// cacheKey names a sound by all that it depends on.
func cacheKey(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

func (c *soundCache) path(key string) string { return filepath.Join(c.dir, key+".wav") }

// get gives a sound, and notes that it was used.
func (c *soundCache) get(key string) ([]byte, bool) {
	if c.dir == "" {
		return nil, false
	}
	file, err := os.ReadFile(c.path(key))
	if err != nil || wavDuration(file) == 0 {
		return nil, false
	}
	now := time.Now()
	_ = os.Chtimes(c.path(key), now, now) // on a read-only disk the order of use is lost, not the sound
	return file, true
}

// put keeps a sound where that is possible: written beside its place and renamed, so that nobody reads half of it.
func (c *soundCache) put(key string, file []byte) {
	if c.dir == "" || int64(len(file)) > c.max {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if os.MkdirAll(c.dir, 0o755) != nil {
		return
	}
	c.makeRoom(int64(len(file)))
	temp, err := os.CreateTemp(c.dir, "new-*")
	if err != nil {
		return
	}
	_, err = temp.Write(file)
	if err = cmp.Or(err, temp.Close()); err == nil {
		err = os.Rename(temp.Name(), c.path(key))
	}
	if err != nil {
		os.Remove(temp.Name())
	}
}

// makeRoom removes the sounds used longest ago until size more bytes fit. Temporary files of a crash count, and go too.
func (c *soundCache) makeRoom(size int64) {
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return
	}
	var files []fs.FileInfo
	total := size
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() {
			files = append(files, info)
			total += info.Size()
		}
	}
	slices.SortFunc(files, func(a, b fs.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
	for _, f := range files {
		if total <= c.max {
			return
		}
		if os.Remove(filepath.Join(c.dir, f.Name())) == nil {
			total -= f.Size()
		}
	}
}
