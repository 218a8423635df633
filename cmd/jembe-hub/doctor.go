package main

import (
	"context"
	"fmt"
	"strings"
	"syscall"
	"time"

	"jembe/cmd/terminal"
	"jembe/edge/hub"
)

type doctorCmd struct{}

// finding is one line of the doctor's.
type finding struct {
	Part  string `json:"part"`
	State string `json:"state"` // ok or trouble
	Says  string `json:"says"`
	Do    string `json:"do,omitempty"` // what the operator can do about it
}

// The states of a part.
const (
	stateOK      = "ok"
	stateTrouble = "trouble"
)

// leastFree is the room on the disk below which the doctor warns, in bytes.
const leastFree = 1 << 30

// Run examines the hub.
func (doctorCmd) Run(ctx context.Context, p *program, c *cli) error {
	found := []finding{{"version", stateOK, version, ""}, {"data", stateOK, c.dataDir(), ""}}
	h, err := p.open(ctx, c)
	if err != nil {
		found = append(found, troubled("database", err))
	} else {
		defer h.Close()
		found = append(found, diskFinding(c.dataDir()), finding{"key", stateOK, h.Fingerprint(), ""}, usersFinding(ctx, h), backupFinding(ctx, h))
		if v, err := h.Verify(ctx); err != nil {
			found = append(found, troubled("record", err))
		} else {
			found = append(found, finding{"record", stateOK, terminal.Count(v.Events, "event", "events") + " of " + terminal.Count(v.Devices, "box", "boxes") + ", chains whole", ""})
		}
	}
	var lines []string
	for _, f := range found {
		line := fmt.Sprintf("%-8s %-10s %s", f.State, f.Part, f.Says)
		if f.Do != "" {
			line += "\n" + strings.Repeat(" ", 20) + "-> " + f.Do
		}
		lines = append(lines, line)
	}
	return p.print(c, found, strings.Join(lines, "\n"))
}

// troubled tells an error of a part.
func troubled(part string, err error) finding {
	fault := terminal.NewFault(err)
	return finding{part, stateTrouble, fault.Wrong, fault.Do}
}

func usersFinding(ctx context.Context, h *hub.Hub) finding {
	users, err := h.Staff().Users(ctx)
	switch {
	case err != nil:
		return finding{"users", stateTrouble, err.Error(), "see that the database is whole"}
	case len(users) == 0:
		return finding{"users", stateTrouble, "nobody can sign in to the office's pages yet", "jembe-hub user add NAME --role administrator"}
	}
	return finding{"users", stateOK, terminal.Count(len(users), "user", "users") + " of the office's pages", ""}
}

// oldBackup is the age from which on a last backup is told as trouble.
const oldBackup = 8 * 24 * time.Hour

func backupFinding(ctx context.Context, h *hub.Hub) finding {
	last, err := h.LastBackup(ctx)
	age := time.Since(time.UnixMilli(last.DoneMS)).Round(time.Minute)
	says := fmt.Sprintf("the last one that was verified is %s old", age)
	const do = "jembe-hub backup DIR, or jembe-hub serve --backup DIR for one every day"
	switch {
	case err != nil:
		return finding{"backup", stateTrouble, err.Error(), "see that the database is whole"}
	case last.Trouble != "" && last.DoneMS == 0:
		return finding{"backup", stateTrouble, "there is none; the last try failed", last.Trouble}
	case last.Trouble != "":
		return finding{"backup", stateTrouble, says + "; the last try failed", last.Trouble}
	case last.DoneMS == 0:
		return finding{"backup", stateOK, "there is none: boxes delete nothing", do}
	case age > oldBackup:
		return finding{"backup", stateTrouble, says, do}
	}
	return finding{"backup", stateOK, says, ""}
}

func diskFinding(dir string) finding {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return finding{"disk", stateTrouble, err.Error(), "see that " + dir + " can be read"}
	}
	free := st.Bavail * uint64(st.Bsize)
	f := finding{"disk", stateOK, fmt.Sprintf("%d MB free", free>>20), ""}
	if free < leastFree {
		f.State, f.Do = stateTrouble, "free some space: with a full disk nothing can be taken in"
	}
	return f
}
