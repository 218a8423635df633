package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"jembe/advisory"
	"jembe/cmd/terminal"
	"jembe/content"
)

type packCmd struct {
	Build    packBuildCmd    `cmd:"" help:"Make a pack from a folder with docs/LANG/ID.md and lexicon/."`
	Verify   packVerifyCmd   `cmd:"" help:"Check a pack, an archive or a folder, without installing it."`
	Install  packInstallCmd  `cmd:"" help:"Install a pack; a running box takes it up by itself."`
	List     packListCmd     `cmd:"" help:"List the installed packs."`
	Review   packReviewCmd   `cmd:"" help:"Record a named person's approval of a document, as it stands; an edit drops it."`
	Waiting  packWaitingCmd  `cmd:"" help:"List the documents of a folder that nobody has approved, those with most facts from memory first."`
	Plain    packPlainCmd    `cmd:"" help:"List the answers of a folder whose words or sentences are hard, by language, with file and line."`
	Embed    packEmbedCmd    `cmd:"" help:"Make a pack that carries a model's vectors of its documents, so that no box need make them."`
	Language packLanguageCmd `cmd:"" help:"Begin the folder of a language that the box does not know: its texts, to be translated."`
	Rollback packRollbackCmd `cmd:"" help:"Return to the set of packs before the last change."`
}

type packBuildCmd struct {
	Dir     string `arg:"" type:"existingdir" help:"Folder of the pack."`
	Out     string `arg:"" type:"path" help:"Archive to write, such as office.tar.zst."`
	Name    string `help:"Name; default is the manifest's, else the folder's."`
	Release string `help:"Version that only grows; default is the manifest's, else the time." placeholder:"VERSION"`
}

// packReport is what is said of one pack.
type packReport struct {
	Name      string                `json:"name"`
	Version   string                `json:"version"`
	Documents map[advisory.Lang]int `json:"documents"`
	Bytes     int64                 `json:"bytes"`
	Warnings  []string              `json:"warnings"`
	Hard      map[advisory.Lang]int `json:"hard,omitempty"` // answers whose words or sentences are hard
}

func reportPack(m content.Manifest, warnings content.Problems) packReport {
	r := packReport{Name: m.Name, Version: m.Version, Documents: m.Documents(), Bytes: m.Bytes(), Warnings: []string{}}
	for _, w := range warnings {
		r.Warnings = append(r.Warnings, w.String())
	}
	return r
}

func (r packReport) String() string {
	s := fmt.Sprintf("%s %s: %s, %d bytes", r.Name, r.Version, byLang(r.Documents), r.Bytes)
	for _, w := range r.Warnings {
		s += "\n  " + w
	}
	return s
}

// byLang tells documents by language, "en 33, hi 15".
func byLang(n map[advisory.Lang]int) string {
	var out []string
	for l, k := range n {
		out = append(out, fmt.Sprintf("%s %d", l, k))
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// Run builds a pack.
func (a *packBuildCmd) Run(p *program, c *cli) error {
	m, warnings, err := content.Build(a.Dir, a.Out, content.BuildOptions{Name: a.Name, Version: a.Release})
	if err != nil {
		return err
	}
	r := reportPack(m, warnings)
	hard, err := content.HardIn(a.Dir)
	if err != nil {
		return err
	}
	r.Hard = hardByLang(hard)
	return p.print(c, r, r.String()+hardSummary(hard, a.Dir))
}

type packVerifyCmd struct {
	Path string `arg:"" help:"Archive or folder of a pack."`
}

// Run verifies a pack.
func (a *packVerifyCmd) Run(p *program, c *cli) error {
	pack, err := content.Verify(a.Path)
	if err != nil {
		return err
	}
	r := reportPack(pack.Manifest, nil)
	return p.print(c, r, r.String())
}

type packInstallCmd struct {
	Archive string `arg:"" help:"Archive of a pack."`
}

// Run installs a pack.
func (a *packInstallCmd) Run(p *program, c *cli) error {
	m, err := content.NewShelf(c.dataDir()).Install(a.Archive)
	if err != nil {
		return err
	}
	r := reportPack(m, nil)
	return p.print(c, r, "installed "+r.String())
}

type packListCmd struct{}

// Run lists the packs.
func (packListCmd) Run(p *program, c *cli) error {
	packs, err := content.NewShelf(c.dataDir()).List()
	if err != nil {
		return err
	}
	var lines []string
	for _, k := range packs {
		state := "in use"
		if !k.Active {
			state = "kept for rollback"
		}
		line := fmt.Sprintf("%-20s %-16s %-18s %s, %d bytes", k.Name, k.Version, state, byLang(k.Documents), k.Bytes)
		if k.Error != "" {
			line += "\n  " + k.Error
		}
		lines = append(lines, line)
	}
	return p.print(c, packs, strings.Join(lines, "\n"))
}

type packRollbackCmd struct{}

// Run returns to the set before.
func (packRollbackCmd) Run(p *program, c *cli) error {
	shelf := content.NewShelf(c.dataDir())
	if err := shelf.Rollback(); err != nil {
		return err
	}
	return packListCmd{}.Run(p, c)
}

type packReviewCmd struct {
	Document string `arg:"" help:"File docs/LANG/ID.md in the folder of a pack, or LANG/ID of a document in use on this box."`
	As       string `required:"" help:"Name of the person who approves." placeholder:"NAME"`
}

// Run records the approval.
func (a *packReviewCmd) Run(p *program, c *cli) error {
	review := func() (content.Approval, error) {
		return content.NewShelf(c.dataDir()).Review(a.Document, a.As, time.Now())
	}
	if strings.HasSuffix(a.Document, ".md") {
		review = func() (content.Approval, error) { return content.Review(a.Document, a.As, time.Now()) }
	}
	approved, err := review()
	if err != nil {
		return err
	}
	return p.print(c, approved, fmt.Sprintf("%s is approved by %s, as it stands on %s (%s)", approved.Document, approved.By, approved.On, approved.SHA256[:12]))
}

type packWaitingCmd struct {
	Dir string `arg:"" type:"existingdir" help:"Folder of the pack."`
}

// Run lists what waits for a review.
func (a *packWaitingCmd) Run(p *program, c *cli) error {
	waiting, err := content.Unreviewed(a.Dir)
	if err != nil {
		return err
	}
	if len(waiting) == 0 {
		return p.print(c, []content.Waiting{}, "no document waits for a review")
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s for a review; approve one with jembe pack review FILE --as NAME", terminal.Count(len(waiting), "document waits", "documents wait"))
	for _, w := range waiting {
		fmt.Fprintf(&b, "\n%s (%s)", w.Document, w.Kind)
		for _, r := range w.Recalled {
			fmt.Fprintf(&b, "\n  from memory: %s", r)
		}
	}
	return p.print(c, waiting, b.String())
}
