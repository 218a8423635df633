package voice

import (
	"bufio"
	"context"
	"flag"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var (
	full   = flag.Bool("full", false, "evaluate every question in every voice and every human recording; takes 20 minutes")
	speech = flag.String("speech", "../../shared/data/speech", "folder of human recordings: en_*/transcripts.tsv and en_*/wav")
)

// asker says a question into a WAV file.
type asker struct {
	name string
	say  func(text string) *exec.Cmd
}

func flite(voice string) asker {
	return asker{"flite-" + voice, func(text string) *exec.Cmd {
		return exec.Command("flite", "-voice", voice, "-t", text, "-o", "/dev/stdout")
	}}
}

func espeakNG(voice string) asker {
	return asker{"espeak-" + voice, func(text string) *exec.Cmd {
		cmd := exec.Command("espeak-ng", "-v", voice, "--stdin", "--stdout")
		cmd.Stdin = strings.NewReader(text)
		return cmd
	}}
}

var askers = []asker{flite("slt"), flite("rms"), flite("awb"), flite("kal"), espeakNG("en-us"), espeakNG("en-gb"), espeakNG("en-us+f3")}

// heardQuestion is one recording with what was said and what was heard.
type heardQuestion struct {
	who, said string
	hearing   hearing
}

// TestHearing is the evaluation: word error and farm talk told from other talk, in synthetic voices and by people.
func TestHearing(t *testing.T) {
	requireTools(t, "flite", "espeak-ng", "pocketsphinx_batch")
	p := installedSphinx(t)
	var farm, other []heardQuestion
	for i, q := range farmQuestions(t) {
		for j, a := range askers {
			if *full || (i+j)%16 == 0 {
				farm = append(farm, ask(t, p, a, q))
			}
		}
	}
	report(t, farm)
	doubts(t, farm)
	for i, r := range recordings(t) {
		if *full || i%10 == 0 {
			b, err := os.ReadFile(r.who)
			if err != nil {
				t.Fatal(err)
			}
			r.hearing = hearBytes(t, p, b)
			other = append(other, r)
		}
	}
	curve(t, farm, other)
}

func ask(t *testing.T, p *PocketSphinx, a asker, q string) heardQuestion {
	t.Helper()
	wav, err := a.say(q).Output()
	if err != nil {
		t.Fatalf("%s: %v", a.name, err)
	}
	return heardQuestion{who: a.name, said: q, hearing: hearBytes(t, p, wav)}
}

func hearBytes(t *testing.T, p *PocketSphinx, b []byte) hearing {
	t.Helper()
	pcm, err := Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	h, err := p.hear(context.Background(), Speech(pcm))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func report(t *testing.T, heard []heardQuestion) {
	type sum struct{ words, farm, general, n, won int }
	sums := map[string]*sum{}
	for _, q := range heard {
		for _, who := range []string{q.who, "all"} {
			s := sums[who]
			if s == nil {
				s = &sum{}
				sums[who] = s
			}
			s.n++
			s.words += len(strings.Fields(q.said))
			s.farm += wordErrors(q.said, q.hearing.farm.text)
			s.general += wordErrors(q.said, q.hearing.general.text)
			if q.hearing.isFarm(farmMargin) {
				s.won++
			}
		}
	}
	for _, who := range slices.Sorted(maps.Keys(sums)) {
		s := sums[who]
		t.Logf("%-18s %3d questions: word error %5.1f%% farm model, %5.1f%% general model; farm %d", who, s.n,
			100*float64(s.farm)/float64(s.words), 100*float64(s.general)/float64(s.words), s.won)
	}
}

// doubts shows which share of the words each posterior would doubt, of those that were heard right and of those that were not.
func doubts(t *testing.T, farm []heardQuestion) {
	for _, limit := range []float64{0.02, 0.05, 0.1, 0.2, 0.3, 0.5} {
		var right, wrong, rightDoubted, wrongDoubted int
		for _, q := range farm {
			said := strings.Fields(q.said)
			for i, w := range strings.Fields(q.hearing.farm.text) {
				if len(w) < 4 || i >= len(q.hearing.farm.sure) {
					continue
				}
				doubted := 0
				if q.hearing.farm.sure[i] < limit {
					doubted = 1
				}
				if slices.Contains(said, w) {
					right, rightDoubted = right+1, rightDoubted+doubted
				} else {
					wrong, wrongDoubted = wrong+1, wrongDoubted+doubted
				}
			}
		}
		t.Logf("posterior below %.2f: %d of %d words that were heard right, %d of %d that were not", limit, rightDoubted, right, wrongDoubted, wrong)
	}
}

// curve shows what each margin would take for farm talk, and fails when the one in use no longer holds.
func curve(t *testing.T, farm, other []heardQuestion) {
	share := func(qs []heardQuestion, margin float64) float64 {
		n := 0
		for _, q := range qs {
			if q.hearing.isFarm(margin) {
				n++
			}
		}
		return 100 * float64(n) / float64(max(1, len(qs)))
	}
	for m := -2.0; m <= 4; m += 0.25 {
		t.Logf("margin %5.2f: taken for farm talk: farm questions %5.1f%%, other speech %5.1f%%", m, share(farm, m), share(other, m))
	}
	if taken := share(farm, farmMargin); taken < 85 {
		t.Errorf("only %.1f%% of the farm questions are taken for farm talk", taken)
	}
	if taken := share(other, farmMargin); taken > 3 {
		t.Errorf("%.1f%% of other speech is taken for farm talk", taken)
	}
}

// wordErrors is the least number of words to insert, delete and replace that makes heard of said.
func wordErrors(said, heard string) int {
	a, b := strings.Fields(said), strings.Fields(heard)
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

func farmQuestions(t *testing.T) []string {
	t.Helper()
	f, err := os.Open("testdata/farm_questions.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []string
	for s := bufio.NewScanner(f); s.Scan(); {
		_, q, _ := strings.Cut(s.Text(), "\t")
		out = append(out, q)
	}
	return out
}

// recordings lists people's recordings with their transcripts; none of them is about farming.
func recordings(t *testing.T) []heardQuestion {
	t.Helper()
	lists, _ := filepath.Glob(filepath.Join(*speech, "en_*", "transcripts.tsv"))
	var out []heardQuestion
	for _, list := range lists {
		f, err := os.Open(list)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		s := bufio.NewScanner(f)
		for s.Scan(); s.Scan(); { // the first line names the columns
			if c := strings.Split(s.Text(), "\t"); len(c) == 3 {
				out = append(out, heardQuestion{who: filepath.Join(filepath.Dir(list), c[0]), said: strings.ToLower(c[2])})
			}
		}
	}
	return out
}

// installedSphinx hears with a model of the starter library.
func installedSphinx(t testing.TB) *PocketSphinx {
	t.Helper()
	p, err := NewPocketSphinx(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Learn(context.Background(), libraryTexts(t)); err != nil {
		t.Fatal(err)
	}
	return p
}

// libraryTexts gives the starter library as plain texts: titles, questions, answers and bodies, without the rest of the
// front matter.
func libraryTexts(t testing.TB) []string {
	t.Helper()
	paths, _ := filepath.Glob("../content/library/docs/en/*.md")
	if len(paths) == 0 {
		t.Skip("no library in ../content/library/docs/en")
	}
	var out []string
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		key := ""
		for _, line := range strings.Split(string(b), "\n") {
			if k, rest, ok := strings.Cut(line, ":"); ok && !strings.HasPrefix(line, " ") && !strings.Contains(k, " ") {
				key, line = k, rest
			}
			if line == "---" {
				key = "body"
			}
			switch key {
			case "title", "questions", "answer", "body":
				out = append(out, strings.Trim(line, " -#>*\""))
			}
		}
	}
	return out
}

// requireTools skips a test whose programs are missing, and fails it where nothing may be missing.
func requireTools(t testing.TB, names ...string) {
	t.Helper()
	for _, name := range names {
		if _, err := exec.LookPath(name); err == nil {
			continue
		}
		message := name + " is missing: apt install flite espeak-ng pocketsphinx pocketsphinx-en-us"
		if os.Getenv("CI") != "" {
			t.Fatal(message)
		}
		t.Skip(message)
	}
}
