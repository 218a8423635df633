package kiosk

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"
)

// lookEvery is how often an input device that is not there is looked for.
const lookEvery = time.Second

// Inputs reads input devices for as long as it is told to: those there are, and those that come later or come back.
type Inputs struct {
	Patterns []string // paths, or patterns of paths: "/dev/input/by-id/*-event-kbd"; a FIFO or a file of events stands in for a device
	Keys     Keys
	Log      *slog.Logger
	Clock    func(time.Duration) <-chan time.Time // nil: time.After
}

// Read sends what is pressed until the context ends. It never waits for the receiver: where nobody takes them, presses are lost.
func (in Inputs) Read(ctx context.Context, presses chan<- Press) {
	if in.Clock == nil {
		in.Clock = time.After
	}
	var reading sync.WaitGroup
	defer reading.Wait()
	devices := watched{trouble: map[string]string{}}
	for ctx.Err() == nil {
		for _, path := range in.there() {
			if !devices.take(path) {
				continue
			}
			reading.Go(func() {
				err := in.device(ctx, path, presses)
				if devices.leave(path, err) && ctx.Err() == nil {
					in.Log.Warn("an input device cannot be read; it is tried again", "device", path, "error", err)
				}
			})
		}
		select {
		case <-ctx.Done():
		case <-in.Clock(lookEvery):
		}
	}
}

// watched are the devices that are read, and what the last trouble with each was, so that it is told once.
type watched struct {
	mu      sync.Mutex
	open    []string
	trouble map[string]string
}

// take reports whether nobody reads the device yet.
func (w *watched) take(path string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if slices.Contains(w.open, path) {
		return false
	}
	w.open = append(w.open, path)
	return true
}

// leave reports whether the device has a trouble that it had not before.
func (w *watched) leave(path string, err error) (fresh bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.open = slices.DeleteFunc(w.open, func(p string) bool { return p == path })
	if err == nil {
		delete(w.trouble, path)
		return false
	}
	fresh = w.trouble[path] != err.Error()
	w.trouble[path] = err.Error()
	return fresh
}

// there gives the devices of this moment.
func (in Inputs) there() []string {
	var out []string
	for _, pattern := range in.Patterns {
		found, err := filepath.Glob(pattern)
		if err != nil { // checked by CheckPattern
			continue
		}
		out = append(out, found...)
	}
	return out
}

// CheckPattern tells whether a pattern of paths can be read.
func CheckPattern(pattern string) error {
	_, err := filepath.Match(pattern, "")
	return err
}

// device reads one device to its end; nil where nobody writes to it yet, as to a FIFO.
func (in Inputs) device(ctx context.Context, path string, presses chan<- Press) error {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // waiting for a writer could not be ended
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if connection, err := f.SyscallConn(); err == nil {
		_ = connection.Control(func(fd uintptr) {
			if grabbed(fd) {
				in.Log.Info("an input device is there", "device", path)
			}
		})
	}
	defer context.AfterFunc(ctx, func() { f.Close() })()
	d := newDecoder(in.Keys, func(code uint16) {
		in.Log.Info("a key means nothing; the file of --keys may give it a meaning", "key", nameOf(code))
	})
	defer func() { send(presses, d.release()) }()
	return in.events(ctx, f, info.Mode().IsRegular(), d, presses)
}

// events reads until the device is gone. A file is read on as it grows.
func (in Inputs) events(ctx context.Context, f *os.File, grows bool, d *decoder, presses chan<- Press) error {
	buffer := make([]byte, 64*EventSize)
	for {
		n, err := f.Read(buffer)
		send(presses, d.feed(buffer[:n]))
		switch {
		case errors.Is(err, io.EOF) && grows:
			select {
			case <-ctx.Done():
				return nil
			case <-in.Clock(lookEvery):
			}
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

func send(presses chan<- Press, all []Press) {
	for _, p := range all {
		select {
		case presses <- p:
		default:
		}
	}
}
