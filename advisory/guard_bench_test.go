//go:build linux

package advisory_test

import (
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/content"
)

const (
	benchPassages = 4   // sections that an answer cites
	benchWords    = 120 // of an answer, or up to one sentence more
)

// guardCase is an answer that cites all passages of its document.
type guardCase struct {
	draft    advisory.Draft
	passages []advisory.Passage
	std      advisory.Standard
}

// guardCases makes an answer of each document of the starter library in a language that is long enough for one, as a model that writes
// what the passages say: sentences of each in turn.
func guardCases(b *testing.B, lang advisory.Lang) []guardCase {
	b.Helper()
	library, err := content.Starter()
	if err != nil {
		b.Fatal(err)
	}
	lexicon := advisory.NewLexicon(library.Concepts)
	var out []guardCase
	for _, d := range library.Documents {
		if d.Lang != lang || len(d.Sections) < benchPassages {
			continue
		}
		c := guardCase{std: advisory.Standard{Lexicon: lexicon, Country: "IN", Lang: lang, Crops: d.Crops}}
		for _, s := range d.Sections[:benchPassages] {
			c.passages = append(c.passages, advisory.Passage{Document: &d.Document, Section: s.Heading, Text: s.Text})
		}
		if c.draft = benchDraft(c.passages); len(c.draft.Sentences) > 0 {
			out = append(out, c)
		}
	}
	return out
}

// benchDraft takes one sentence after the other from each passage in turn, until there are words enough; none where there are too few.
func benchDraft(passages []advisory.Passage) advisory.Draft {
	d, words := advisory.Draft{Tier: advisory.Generated}, 0
	for i := 0; words < benchWords; i++ {
		more := false
		for _, p := range passages {
			if all := advisory.Sentences(strings.ReplaceAll(p.Text, "\n", " ")); i < len(all) && words < benchWords {
				d.Sentences = append(d.Sentences, advisory.Sentence{Text: all[i], Passages: []int{0, 1, 2, 3}})
				words, more = words+len(strings.Fields(all[i])), true
			}
		}
		if !more {
			return advisory.Draft{}
		}
	}
	return d
}

// BenchmarkGuard holds answers of 120 words against the four passages that each of their sentences cites. "first" is a document that
// was not read before, "again" is one that was.
func BenchmarkGuard(b *testing.B) {
	for _, lang := range advisory.MessageLangs() {
		cases := guardCases(b, lang)
		for _, name := range []string{"again", "first"} {
			b.Run(name+"/"+string(lang), func(b *testing.B) { benchGuard(b, cases, name == "first") })
		}
	}
}

// benchRuns is how often each answer is timed, of which the middle one counts.
const benchRuns = 5

// benchGuard reports the time that passes, and the time of the processor, which others on the machine do not lengthen.
func benchGuard(b *testing.B, cases []guardCase, first bool) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var passed, worked []float64
	for i := 0; b.Loop(); i++ {
		c := cases[i%len(cases)]
		c.passages = slices.Clone(c.passages)
		var wall, own []float64
		for range benchRuns {
			for k := range c.passages {
				if first { // a passage that differs has not been read yet
					c.passages[k].Text += " "
				}
			}
			start, before := time.Now(), threadTime(b)
			advisory.Guard(c.draft, c.passages, c.std)
			wall, own = append(wall, advisory.Milliseconds(start)), append(own, threadTime(b)-before)
		}
		slices.Sort(wall)
		slices.Sort(own)
		passed, worked = append(passed, wall[benchRuns/2]), append(worked, own[benchRuns/2])
	}
	slices.Sort(passed)
	slices.Sort(worked)
	b.ReportMetric(passed[len(passed)/2], "p50_ms")
	b.ReportMetric(passed[(len(passed)-1)*95/100], "p95_ms")
	b.ReportMetric(worked[(len(worked)-1)*95/100], "p95_cpu_ms")
}

// threadTime is the time in ms that the processor has worked for this thread.
func threadTime(b *testing.B) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_THREAD, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e6
}
