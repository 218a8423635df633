package main

import (
	"fmt"
	"strings"

	"jembe/advisory"
	"jembe/cmd/terminal"
	"jembe/content"
)

// noneHard is said where no answer is hard.
const noneHard = "no answer is hard to take in by ear"

type packPlainCmd struct {
	Dir string `arg:"" type:"existingdir" help:"Folder of the pack."`
}

// Run lists the hard answers.
func (a *packPlainCmd) Run(p *program, c *cli) error {
	hard, err := content.HardIn(a.Dir)
	if err != nil {
		return err
	}
	if len(hard) == 0 {
		return p.print(c, []content.Hard{}, noneHard)
	}
	lines := []string{fmt.Sprintf("%s hard to take in by ear (%s); put an easier word, or cut the sentence in two", hardCount(hard), byLang(hardByLang(hard)))}
	for _, h := range hard {
		lines = append(lines, hardLine(h))
	}
	return p.print(c, hard, strings.Join(lines, "\n"))
}

// hardCount says how many there are.
func hardCount(hard []content.Hard) string {
	return terminal.Count(len(hard), "answer is", "answers are")
}

// hardLine tells of one answer what is hard in it.
func hardLine(h content.Hard) string {
	var what []string
	if len(h.Words) > 0 {
		what = append(what, strings.Join(h.Words, ", "))
	}
	if h.Sentence > 0 {
		what = append(what, fmt.Sprintf("a sentence of %d words", h.Sentence))
	}
	at := h.Document
	if h.Line > 0 {
		at = fmt.Sprintf("%s:%d", at, h.Line)
	}
	return at + ": " + strings.Join(what, "; ")
}

func hardByLang(hard []content.Hard) map[advisory.Lang]int {
	n := map[advisory.Lang]int{}
	for _, h := range hard {
		n[h.Lang]++
	}
	return n
}

// worst is how many hard answers a summary names.
const worst = 3

// hardSummary is what is said of the hard answers after a build.
func hardSummary(hard []content.Hard, dir string) string {
	if len(hard) == 0 {
		return ""
	}
	s := fmt.Sprintf("\n%s hard to take in by ear (%s); all of them: jembe pack plain %s", hardCount(hard), byLang(hardByLang(hard)), dir)
	for _, h := range hard[:min(worst, len(hard))] {
		s += "\n  " + hardLine(h)
	}
	return s
}

// plainFinding tells how many answers of the packs in use are hard.
func plainFinding(lib *content.Library) finding {
	hard := content.HardAnswers(lib.Documents, lib.Documents, advisory.NewLexicon(lib.Concepts))
	f := finding{Part: "plain words", State: stateOK, Says: noneHard}
	if len(hard) > 0 {
		f.Says = fmt.Sprintf("%d of %d answers are hard to take in by ear (%s), such as %s", len(hard), len(lib.Documents), byLang(hardByLang(hard)), hardLine(hard[0]))
		f.Do = "write them easier, or give them a simple text: docs/content.md"
	}
	return f
}
