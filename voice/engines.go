package voice

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"jembe/advisory"
)

// Engine is a program that hears or speaks, for those who look after the box.
type Engine struct {
	Name      string
	Found     bool
	Path      string
	Version   string
	Languages []advisory.Lang // sorted
	Install   string          // what to do when it is not found
}

// Ability says what a language can do on this box.
type Ability struct{ Hears, Speaks bool }

// Engines tells which programs there are.
func Engines() []Engine {
	sphinx := Engine{Name: "recogniser", Languages: []advisory.Lang{English}, Install: "apt install pocketsphinx pocketsphinx-en-us"}
	if p, err := NewPocketSphinx(""); err == nil {
		sphinx.Found, sphinx.Path, sphinx.Version = true, p.program, "pocketsphinx with "+filepath.Base(p.models)
	}
	espeak := Engine{Name: "voice", Install: "apt install espeak-ng"}
	for l := range espeakVoices {
		espeak.Languages = append(espeak.Languages, l)
	}
	slices.Sort(espeak.Languages)
	if path, err := exec.LookPath("espeak-ng"); err == nil {
		espeak.Found, espeak.Path, espeak.Version = true, path, firstLine(path, "--version")
	}
	return []Engine{sphinx, espeak}
}

// Abilities tells what each language that is heard or spoken can do.
func Abilities() map[advisory.Lang]Ability {
	out := map[advisory.Lang]Ability{}
	engines := Engines()
	if engines[0].Found {
		out[English] = Ability{Hears: true}
	}
	if engines[1].Found {
		for _, l := range engines[1].Languages {
			out[l] = Ability{Hears: out[l].Hears, Speaks: true}
		}
	}
	return out
}

// firstLine runs a program that prints its version.
func firstLine(program string, args ...string) string {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	out, err := cmd.Output()
	if err != nil {
		return "version not known"
	}
	line, _, _ := strings.Cut(string(out), "\n")
	return strings.TrimSpace(line)
}
