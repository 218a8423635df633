package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"jembe/cmd/terminal"
	"jembe/rag"
)

type modelsCmd struct {
	List modelsListCmd `cmd:"" help:"Models that are installed, whether they fit this machine, and how to bring one on a USB stick."`
}

type modelsListCmd struct{}

// listedModel is a model with whether this machine can carry it.
type listedModel struct {
	rag.Model
	Needs int64 `json:"needs"` // bytes of memory, about
	Fits  bool  `json:"fits"`
}

type modelsReport struct {
	Address   string        `json:"address"`
	Model     string        `json:"model"`
	Embed     string        `json:"embed"`
	Trouble   string        `json:"trouble"`
	Memory    int64         `json:"memory"` // of this machine, in bytes; 0 where it is not known
	Installed []listedModel `json:"installed"`
	Known     []listedModel `json:"known"`
	Install   []string      `json:"install"`
}

// knownModels are small models that write several languages. The sizes are those of the tags in Ollama's library as docs/models.md
// cites them; none was measured here.
var knownModels = []rag.Model{
	{Name: "gemma3:1b", Size: 815e6}, {Name: "qwen3:1.7b", Size: 1400e6}, {Name: "qwen3:4b", Size: 2500e6},
}

// installSteps tell how a model comes to a box that has no network.
var installSteps = []string{
	"on a computer with a network and Ollama: ollama pull gemma3:1b",
	"copy its folder of models (~/.ollama/models, or /usr/share/ollama/.ollama/models) to a USB stick",
	"on the box: copy what is in it into the same folder of the box's Ollama, give it to the user that runs Ollama, and restart that",
	"in jembe.conf: JEMBE_MODEL_URL=http://127.0.0.1:11434 and JEMBE_MODEL=gemma3:1b; nothing is ever downloaded by itself",
	"see how well it keeps to its passages: jembe eval generated FILE.tsv; then set JEMBE_MODEL_LANGS to languages it passed in",
}

// Run lists models.
func (modelsListCmd) Run(ctx context.Context, p *program, c *cli) error {
	report := modelsReport{Address: c.URL, Model: c.Name, Embed: c.Embed, Memory: machineMemory(), Installed: []listedModel{}, Install: installSteps}
	for _, m := range knownModels {
		report.Known = append(report.Known, listed(m, report.Memory))
	}
	if c.URL != "" {
		ctx, cancel := context.WithTimeout(ctx, askTime)
		defer cancel()
		models, err := rag.Models(ctx, c.URL)
		if err != nil {
			report.Trouble = err.Error()
		}
		for _, m := range models {
			report.Installed = append(report.Installed, listed(m, report.Memory))
		}
	}
	return p.print(c, report, report.String())
}

const (
	aroundModel  = 256 << 20 // what the server, the prompt and the answer take beside the model itself
	aroundServer = 768 << 20 // what the system and the box keep for themselves
)

// listed reckons whether a model fits into a machine: its file, a fifth more to work with, and what stands around it.
func listed(m rag.Model, memory int64) listedModel {
	needs := m.Size + m.Size/5 + aroundModel
	return listedModel{m, needs, !m.Remote && memory > 0 && needs+aroundServer <= memory}
}

// machineMemory gives the bytes of memory of this machine, 0 where they are not known.
func machineMemory() int64 {
	f, err := os.Open("/proc/meminfo")
	if err != nil {
		return 0
	}
	defer f.Close()
	return totalMemory(f)
}

// totalMemory finds the total in what /proc/meminfo says.
func totalMemory(r io.Reader) int64 {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		var kib int64
		if n, _ := fmt.Sscanf(lines.Text(), "MemTotal: %d kB", &kib); n == 1 {
			return kib << 10
		}
	}
	return 0
}

func (r modelsReport) String() string {
	var b strings.Builder
	switch {
	case r.Address == "":
		fmt.Fprintln(&b, "no model server is configured: answers are prepared or quoted, and nothing is dialled")
	case r.Trouble != "":
		fmt.Fprintf(&b, "%s: %s\n", r.Address, r.Trouble)
	default:
		fmt.Fprintf(&b, "%s: %s\n", r.Address, terminal.Count(len(r.Installed), "model", "models"))
	}
	for _, m := range r.Installed {
		fmt.Fprintf(&b, "  %s%s%s\n", m, m.mark(r.Model, "  <- JEMBE_MODEL"), m.mark(r.Embed, "  <- JEMBE_EMBED_MODEL"))
	}
	fmt.Fprintf(&b, "\nthis machine has %d MB of memory; small models in several languages, with sizes as published, not measured here:\n", r.Memory>>20)
	for _, m := range r.Known {
		fmt.Fprintf(&b, "  %s\n", m)
	}
	fmt.Fprintln(&b, "\nto install one without a network:")
	for i, step := range r.Install {
		fmt.Fprintf(&b, "  %d. %s\n", i+1, step)
	}
	return strings.TrimRight(b.String(), "\n")
}

// mark gives the mark where the model is the one of that name.
func (m listedModel) mark(name, mark string) string {
	if _, ok := rag.FindModel([]rag.Model{m.Model}, name); ok {
		return mark
	}
	return ""
}

func (m listedModel) String() string {
	fits := "does not fit"
	switch {
	case m.Remote:
		fits = "is far away: what farmers ask would leave the box"
	case m.Fits:
		fits = "fits"
	}
	return fmt.Sprintf("%-24s %5d MB, needs about %5d MB: %s", m.Name, m.Size/1e6, m.Needs/1e6, fits)
}

// modelFinding tells the doctor's reader what the model is and does.
func modelFinding(ctx context.Context, f modelFlags, data string) finding {
	if f.URL == "" || f.Name == "" {
		return finding{"model", stateMissing, "none configured: answers are prepared or quoted", "no need; a machine with 2 GB or more of memory can carry one: jembe models list"}
	}
	m, err := openModel(f, data)
	if err == nil {
		err = m.look(ctx)
	}
	if err != nil {
		fault := terminal.NewFault(err)
		return finding{"model", stateTrouble, f.Name + " at " + f.URL + ": answers are prepared or quoted; " + fault.Wrong, fault.Do}
	}
	may := *m.may.Load()
	says := fmt.Sprintf("%s writes in: %s", f.Name, langs(may))
	if wanted, _ := f.langs(); len(may) == 0 || len(may) < len(wanted) {
		return finding{"model", stateMissing, strings.TrimSuffix(says, " "), "it writes in the languages of JEMBE_MODEL_LANGS in which it has passed: jembe eval generated FILE.tsv"}
	}
	return finding{"model", stateOK, says, ""}
}
