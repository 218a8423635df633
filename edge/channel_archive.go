package edge

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"jembe/advisory"
	"jembe/content"
)

// archive fetches what is missing of an archive. It is complete when its SHA-256 is right; one of another is begun again.
func (f *fetching) archive(ctx context.Context, p content.ChannelPack) error {
	to := filepath.Join(f.cache, p.SHA256)
	if _, err := os.Stat(to); err == nil {
		return nil
	}
	if err := f.makeRoom(p.Size); err != nil {
		return err
	}
	part, err := os.OpenFile(to+".part", os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return diskProblem(f.cache, err)
	}
	defer part.Close()
	if err := f.rest(ctx, p, part); err != nil {
		return err
	}
	if sum, err := hashFile(part); err != nil || sum != p.SHA256 {
		return errors.Join(err, os.Remove(part.Name()), spoilt("the archive of %s is not the one that was signed", p.ID()))
	}
	if err := part.Sync(); err != nil {
		return diskProblem(f.cache, err)
	}
	return diskProblem(f.cache, os.Rename(part.Name(), to))
}

// spareRoom is how many bytes fetching leaves free: for the record, and for unpacking.
const spareRoom = 32 << 20

// makeRoom makes the folder, and refuses to fill the card with what could not be unpacked.
func (f *fetching) makeRoom(size int64) error {
	if err := os.MkdirAll(f.cache, 0o755); err != nil {
		return diskProblem(f.cache, err)
	}
	var st unix.Statfs_t
	if err := unix.Statfs(f.cache, &st); err != nil {
		return err
	}
	if free := int64(st.Bavail) * int64(st.Bsize); free < size+spareRoom {
		return &advisory.Error{Code: advisory.DiskFull, Err: fmt.Errorf("%d MB are free, new content needs %d MB", free>>20, (size+spareRoom)>>20),
			Hint: "free some space on the disk that holds " + f.cache}
	}
	return nil
}

// sweep removes what was fetched of archives that are wanted no more.
func (f *fetching) sweep(wanted []content.ChannelPack) {
	entries, _ := os.ReadDir(f.cache)
	for _, e := range entries {
		sum := strings.TrimSuffix(e.Name(), ".part")
		if !slices.ContainsFunc(wanted, func(p content.ChannelPack) bool { return p.SHA256 == sum }) {
			os.RemoveAll(filepath.Join(f.cache, e.Name()))
		}
	}
}

// atOnce is how many bytes are asked for in one request: a reset costs no more, whatever waits in buffers on the way.
const atOnce = 48 << 10

// rest fetches from where the part ends. What came of a request is on the disk for good before the next.
func (f *fetching) rest(ctx context.Context, p content.ChannelPack, part *os.File) error {
	at, err := part.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if at > p.Size {
		if at, err = 0, part.Truncate(0); err != nil {
			return diskProblem(f.cache, err)
		}
	}
	for at < p.Size {
		n := &counter{Writer: part}
		size, err := f.read(ctx, p.SHA256, at, min(p.Size-at, atOnce), n)
		at += n.n
		if serr := part.Sync(); err == nil && serr != nil {
			err = diskProblem(f.cache, serr)
		}
		switch {
		case err != nil:
			return diskProblem(f.cache, err)
		case size != p.Size:
			return errors.Join(os.Remove(part.Name()), spoilt("the archive of %s has %d bytes, content.json says %d", p.ID(), size, p.Size))
		case n.n == 0:
			return spoilt("the archive of %s ended after %d of %d bytes", p.ID(), at, p.Size)
		}
	}
	return nil
}

func hashFile(f *os.File) (string, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	h := sha256.New()
	_, err := io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), err
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// diskProblem gives a failure to write a code and a hint.
func diskProblem(dir string, err error) error {
	switch known := (*advisory.Error)(nil); {
	case err == nil || errors.As(err, &known):
		return err
	case isFull(err):
		return &advisory.Error{Code: advisory.DiskFull, Hint: "free some space on the disk that holds " + dir, Err: err}
	case isReadOnly(err):
		return &advisory.Error{Code: advisory.Internal, Hint: folderHint(dir), Err: err}
	}
	return err
}
