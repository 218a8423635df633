package edge

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"jembe/edge/wire"
)

// moment is what the machine's clocks say at one time.
type moment struct {
	wall   int64 // Unix time, ms
	mono   int64 // since the machine started, ms; standby included
	synced bool  // the kernel's clock follows network time
	kept   bool  // it was set, as the machine started, by a clock that runs without power
}

func now() moment {
	var since unix.Timespec
	m := moment{wall: time.Now().UnixMilli()}
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &since); err == nil {
		m.mono = since.Nano() / 1e6
	}
	state, err := unix.Adjtimex(&unix.Timex{}) // no modes set: only reads
	m.synced = err == nil && state != unix.TIME_ERROR
	m.kept = setByRTC()
	return m
}

// setByRTC reports whether the kernel took the time from a clock of the board as it started: the file hctosys of that clock then
// holds 1 (Linux, Documentation/ABI/testing/sysfs-class-rtc).
var setByRTC = sync.OnceValue(func() bool {
	files, err := filepath.Glob("/sys/class/rtc/rtc*/hctosys")
	if err != nil {
		return false
	}
	return slices.ContainsFunc(files, func(name string) bool {
		b, err := os.ReadFile(name)
		return err == nil && strings.TrimSpace(string(b)) == "1"
	})
})

// trust says how far the wall time is to be trusted, when known is the latest one so far that was not known to be wrong;
// and gives the latest known one from here on. Network time is believed even when it goes back.
func (m moment) trust(known int64) (wire.Clock, int64) {
	switch {
	case m.synced:
		return wire.ClockSynced, m.wall
	case m.wall < known || m.wall < built:
		return wire.ClockUnknown, max(known, built)
	}
	return wire.ClockSet, m.wall
}

// built is when the program's source was committed, Unix ms; 0 when that is not known. No true clock is behind it.
var built = func() int64 {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return 0
	}
	for _, s := range info.Settings {
		if t, err := time.Parse(time.RFC3339, s.Value); s.Key == "vcs.time" && err == nil {
			return t.UnixMilli()
		}
	}
	return 0
}()

// bootID is the kernel's name for this start of the machine; "" where there is none: then no start is counted.
func bootID() string {
	id, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(id))
}
