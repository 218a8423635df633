package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"jembe/advisory"
	"jembe/cmd/terminal"
	"jembe/content"
	"jembe/edge"
	"jembe/voice"
)

type doctorCmd struct{}

// finding is one line of the doctor's.
type finding struct {
	Part  string `json:"part"`
	State string `json:"state"` // ok, missing or trouble
	Says  string `json:"says"`
	Do    string `json:"do,omitempty"` // what the operator can do about it
}

// The states of a part.
const (
	stateOK      = "ok"
	stateMissing = "missing" // the box works without it, and does less
	stateTrouble = "trouble" // something that should work does not
)

// Run examines the box.
func (doctorCmd) Run(ctx context.Context, p *program, c *cli) error {
	data := c.dataDir()
	found := []finding{{"version", stateOK, version, ""}, dataFinding(data), diskFinding(data), clockFinding()}
	for _, e := range voice.Engines() {
		found = append(found, engineFinding(e))
	}
	found = append(found, microphoneFinding())
	shelf := content.NewShelf(data)
	found = append(found, packFindings(shelf)...)
	packs := shelf.Load()
	advisory.UseCatalogs(packs.Messages)
	found = append(found, languageFindings(packs)...)
	found = append(found, plainFinding(packs))
	found = append(found, recordFinding(ctx, data), fieldFinding(c.Field))
	own, _ := c.ownSettings() // what cannot be read was refused before any command ran
	found = append(found, officeFindings(ctx, data, own)...)
	found = append(found, modelFinding(ctx, c.modelFlags, data))
	found = append(found, meaningFindings(ctx, c.modelFlags, packs)...)
	found = append(found, lineFinding(ctx, data))
	var lines []string
	for _, f := range found {
		line := fmt.Sprintf("%-8s %-22s %s", f.State, f.Part, f.Says)
		if f.Do != "" {
			line += "\n" + strings.Repeat(" ", 32) + "-> " + f.Do
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

// dataFinding tells where the box keeps its things and whether it can.
func dataFinding(data string) finding {
	f := finding{Part: "data", Says: data}
	if err := os.MkdirAll(data, 0o755); err != nil {
		f.State, f.Do = stateTrouble, "answers are given but nothing can be kept; choose another place with --data or JEMBE_DATA"
		return f
	}
	probe, err := os.CreateTemp(data, "doctor-*")
	if err != nil {
		f.State, f.Do = stateTrouble, "not writable: answers are given but nothing can be kept; mend its permissions or choose another place with --data"
		return f
	}
	probe.Close()
	os.Remove(probe.Name())
	f.State = stateOK
	return f
}

// lowDisk is the free space below which the operator should act: a year of events and the sound cache.
const lowDisk = 256 << 20

func diskFinding(data string) finding {
	var fs syscall.Statfs_t
	dir := data
	for syscall.Statfs(dir, &fs) != nil && dir != filepath.Dir(dir) {
		dir = filepath.Dir(dir)
	}
	free := fs.Bavail * uint64(fs.Bsize)
	f := finding{Part: "disk", State: stateOK, Says: fmt.Sprintf("%d MB free", free>>20)}
	if free < lowDisk {
		f.State, f.Do = stateTrouble, "make room: delete other files; the box's own cache may be deleted at any time"
	}
	return f
}

// built is a day before which no clock can be right: the program did not exist.
var built = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

func clockFinding() finding {
	now := time.Now()
	f := finding{Part: "clock", State: stateOK, Says: now.Format(time.RFC3339)}
	if now.Before(built) {
		f.State, f.Do = stateTrouble, "the clock is wrong; set it with date -s. Until then events carry an untrusted time, and lose nothing"
	}
	return f
}

func engineFinding(e voice.Engine) finding {
	f := finding{Part: e.Name, State: stateOK, Says: fmt.Sprintf("%s, %s: %s", e.Path, e.Version, langs(e.Languages))}
	if !e.Found {
		f.State, f.Says, f.Do = stateMissing, "not installed", e.Install
	}
	return f
}

func langs(ls []advisory.Lang) string {
	var out []string
	for _, l := range ls {
		out = append(out, string(l))
	}
	return strings.Join(out, " ")
}

// microphoneFinding asks ALSA for a capture device; the page uses the browser's, so a box without one still hears phones.
func microphoneFinding() finding {
	f := finding{Part: "microphone", State: stateMissing}
	out, err := exec.Command("arecord", "-l").Output()
	switch {
	case err != nil:
		f.Says, f.Do = "arecord is not installed", "apt install alsa-utils, to use a microphone on the box itself; phones bring their own"
	case !strings.Contains(string(out), "card "):
		f.Says, f.Do = "no capture device", "plug in a USB microphone, to speak at the box itself; phones bring their own"
	default:
		f.State, f.Says = stateOK, "capture device found"
	}
	return f
}

func packFindings(shelf *content.Shelf) []finding {
	packs, err := shelf.List()
	var out []finding
	if err != nil {
		out = append(out, finding{"packs", stateTrouble, err.Error(), "install the pack again"})
	}
	for _, k := range packs {
		if !k.Active {
			continue
		}
		f := finding{"pack " + k.Name, stateOK, k.Version + ": " + byLang(k.Documents), ""}
		if k.Error != "" {
			f.State, f.Says, f.Do = stateTrouble, k.Error, "install it again, or jembe pack rollback"
		}
		out = append(out, f)
	}
	return out
}

// languageFindings tells what each language can do on this box.
func languageFindings(lib *content.Library) []finding {
	count := map[advisory.Lang]int{}
	for _, d := range lib.Documents {
		count[d.Lang]++
	}
	can, recorded := voice.Abilities(), map[advisory.Lang]int{}
	for _, r := range lib.Recordings {
		recorded[r.Lang]++
	}
	var out []finding
	for _, l := range advisory.MessageLangs() {
		f := finding{Part: "language " + string(l), State: stateOK}
		says := []string{fmt.Sprintf("%s: %s; typed", advisory.Say(l, "lang_name"), terminal.Count(count[l], "document", "documents"))}
		if can[l].Hears {
			says = append(says, "heard")
		} else {
			f.State, f.Do = stateMissing, "no recogniser for it: questions are typed or chosen"
		}
		if can[l].Speaks {
			says = append(says, "spoken")
		} else if recorded[l] == 0 {
			f.State, f.Do = stateMissing, "no voice: apt install espeak-ng, or read it into the box with jembe record"
		}
		if n := recorded[l]; n > 0 {
			says = append(says, terminal.Count(n, "text", "texts")+" in a person's voice")
		}
		f.Says = strings.Join(says, ", ")
		out = append(out, f)
	}
	return out
}

func recordFinding(ctx context.Context, data string) finding {
	f := finding{Part: "record", Says: filepath.Join(data, "jembe.db")}
	s, err := edge.OpenStore(ctx, data)
	if err != nil {
		f.State, f.Says, f.Do = stateTrouble, err.Error(), "answers are given, but not counted; make room or mend the card"
		return f
	}
	defer s.Close()
	switch err := s.Verify(ctx); {
	case err != nil:
		f.State, f.Says, f.Do = stateTrouble, err.Error(), "keep a copy of the file for the office, and change the card"
	case s.MovedAside() != "":
		f.State, f.Do = stateTrouble, "a damaged record was put aside as "+s.MovedAside()+": keep it, and change the card"
	default:
		f.State = stateOK
	}
	return f
}

func fieldFinding(field bool) finding {
	if !field {
		return finding{"use", stateMissing, "a demonstration: unreviewed advice on pesticides and animal medicines is spoken", "set JEMBE_FIELD=true before farmers use the box, and approve documents with jembe pack review"}
	}
	return finding{"use", stateOK, "in the field: advice on pesticides and animal medicines is spoken once approved with jembe pack review", ""}
}
