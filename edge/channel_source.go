package edge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"strings"
	"time"

	"jembe/advisory"
	"jembe/edge/wire"
)

// hubSource is the hub as a source of content.
type hubSource struct {
	client  *http.Client // which trusts the enrolled hub alone, and follows no redirect
	address string       // of the hub
}

// silence is how long a line may say nothing before it is given up: it may have gone without a word.
const silence = time.Minute

// read asks for a range of a file of the content.
func (h hubSource) read(ctx context.Context, name string, from, most int64, to io.Writer) (int64, error) {
	folder := wire.PathSigned
	if len(name) == 64 { // a SHA-256
		folder = wire.PathArchives
	}
	return h.readFrom(ctx, folder, name, from, most, to)
}

// readFrom asks for a range of a file in a folder of the hub.
func (h hubSource) readFrom(ctx context.Context, folder, name string, from, most int64, to io.Writer) (int64, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	watch := time.AfterFunc(silence, cancel)
	defer watch.Stop()
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(h.address, "/")+folder+name, nil)
	if err != nil {
		return 0, err
	}
	q.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", from, from+most-1))
	r, err := h.client.Do(q)
	if err != nil {
		return 0, unreachable(err)
	}
	defer r.Body.Close()
	size, err := sizeOf(r, from)
	if err != nil {
		return 0, fmt.Errorf("fetch %s: %w", name, err)
	}
	_, err = io.Copy(to, io.LimitReader(heard{r.Body, watch}, most))
	if errors.Is(err, errHeard) {
		err = unreachable(err)
	}
	return size, err
}

// sizeOf reads from the head of a reply how large the whole file is, and sees that what follows begins where it should.
func sizeOf(r *http.Response, from int64) (size int64, err error) {
	var first, last int64
	switch r.StatusCode {
	case http.StatusOK:
		if from == 0 && r.ContentLength >= 0 {
			return r.ContentLength, nil
		}
	case http.StatusPartialContent:
		_, err := fmt.Sscanf(r.Header.Get("Content-Range"), "bytes %d-%d/%d", &first, &last, &size)
		if err == nil && first == from {
			return size, nil
		}
	case http.StatusNotFound:
		return 0, &advisory.Error{Code: advisory.NotFound, Hint: "the office may have taken it back; the next contact tells"}
	}
	return 0, unreachable(fmt.Errorf("the hub answers %s, %q", r.Status, r.Header.Get("Content-Range")))
}

func unreachable(err error) error {
	return &advisory.Error{Code: advisory.Unreachable, Err: err, Hint: "what came is kept, and the rest fetched at the next contact"}
}

// errHeard marks errors of the line, not of the disk.
var errHeard = errors.New("the line broke")

// heard puts the end off for as long as bytes come.
type heard struct {
	io.Reader
	watch *time.Timer
}

func (h heard) Read(p []byte) (int, error) {
	n, err := h.Reader.Read(p)
	h.watch.Reset(silence)
	if err != nil && err != io.EOF {
		err = fmt.Errorf("%w: %w", errHeard, err)
	}
	return n, err
}

// stickSource is a stick, with the files as the hub serves them in the folder wire.StickContent.
type stickSource struct{ *os.Root }

// read reads a part of a file. Nothing but plain files is opened: a stick is anybody's.
func (s stickSource) read(_ context.Context, name string, from, most int64, to io.Writer) (int64, error) {
	name = path.Join(wire.StickContent, name)
	st, err := s.Lstat(name)
	if err != nil {
		return 0, missingOnStick(err)
	}
	if !st.Mode().IsRegular() {
		return 0, &advisory.Error{Code: advisory.NotFound, Err: fmt.Errorf("%s is no plain file", name), Hint: freshStick}
	}
	f, err := s.Open(name)
	if err != nil {
		return 0, missingOnStick(err)
	}
	defer f.Close()
	_, err = io.Copy(to, io.NewSectionReader(f, from, most))
	return st.Size(), err
}

const freshStick = "have the office write the stick anew: jembe-hub usb DIR"

func missingOnStick(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return &advisory.Error{Code: advisory.NotFound, Err: err, Hint: freshStick}
	}
	return err
}
