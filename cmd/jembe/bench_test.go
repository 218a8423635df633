package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/cmd/terminal"
	"jembe/edge"
)

// The library of the benchmarks, beside the starter: 1,250 documents of 8 passages (7 sections and the short answer) and 6
// questions make 10,000 passages.
const (
	benchDocuments = 1250
	benchSections  = 7
	benchQuestions = 6
)

// benchBox makes a data directory with the pack of the benchmarks installed.
func benchBox(b *testing.B) string {
	b.Helper()
	dir, data := filepath.Join(b.TempDir(), "bench"), b.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "docs", "en"), 0o755); err != nil {
		b.Fatal(err)
	}
	w := newBabble()
	for i := range benchDocuments {
		name := filepath.Join(dir, "docs", "en", fmt.Sprintf("topic-%d.md", i))
		if err := os.WriteFile(name, w.document(i), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	archive := filepath.Join(b.TempDir(), "bench.tar.zst")
	for _, args := range [][]string{{"pack", "build", dir, archive}, {"pack", "install", archive}} {
		var errs bytes.Buffer
		p := &program{stdin: strings.NewReader(""), stdout: io.Discard, stderr: &errs}
		if code := p.run(context.Background(), append([]string{"--data", data}, args...)); code != terminal.OK {
			b.Fatal(errs.String())
		}
	}
	return data
}

// babble makes text whose words are as unevenly frequent as those of a language (Zipf's law).
type babble struct {
	r    *rand.Rand
	zipf *rand.Zipf
}

func newBabble() babble {
	r := rand.New(rand.NewPCG(1, 2))
	return babble{r, rand.NewZipf(r, 1.1, 4, 20_000)}
}

func (w babble) words(n int) string {
	out := make([]string, n)
	for i := range out {
		k := w.zipf.Uint64()
		for range 2 + k%3 {
			out[i] += string("bdfgklmnprst"[k%12]) + string("aeiou"[k/12%5])
			k = k/7 + 3
		}
	}
	return strings.Join(out, " ")
}

func (w babble) document(i int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "---\nid: topic-%d\nlang: en\ntitle: %s\nsources:\n  - {name: Babble, url: \"https://example.org\", year: 2026}\nstatus: unreviewed\nquestions:\n", i, w.words(5))
	for range benchQuestions {
		fmt.Fprintf(&b, "  - %s\n", w.words(10))
	}
	fmt.Fprintf(&b, "answer: %s\n---\n", w.words(45))
	for range benchSections {
		fmt.Fprintf(&b, "\n## %s\n\n%s.\n", w.words(3), w.words(60))
	}
	return b.Bytes()
}

// BenchmarkTextAnswer is a typed question from words to the record on the disk, in a box of 10,000 passages.
func BenchmarkTextAnswer(b *testing.B) {
	box, err := openBox(context.Background(), &program{stderr: io.Discard}, &cli{Data: benchBox(b)}, boxNeeds{recorder: true})
	if err != nil {
		b.Fatal(err)
	}
	defer box.close()
	w := newBabble()
	var took []float64
	for b.Loop() {
		start := time.Now()
		if _, err := box.advisor.Ask(context.Background(), advisory.Question{Text: w.words(9), Lang: "en"}); err != nil {
			b.Fatal(err)
		}
		took = append(took, float64(time.Since(start).Microseconds())/1000)
	}
	slices.Sort(took)
	b.ReportMetric(took[len(took)/2], "p50-ms")
	b.ReportMetric(took[len(took)*95/100], "p95-ms")
}

// BenchmarkColdStart is `jembe ask` as a process of its own, from nothing to the first answer, in a box of 10,000 passages.
func BenchmarkColdStart(b *testing.B) {
	data := benchBox(b)
	bin, err := shipped()
	if err != nil {
		b.Fatal(err)
	}
	ask := func() (time.Duration, float64) {
		cmd := exec.Command(bin, "--data", data, "ask", "how do I make compost")
		cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
		var errs bytes.Buffer
		cmd.Stderr = &errs
		start := time.Now()
		if err := cmd.Start(); err != nil {
			b.Fatal(err)
		}
		peak := make(chan float64)
		go func() { peak <- highWater(cmd.Process.Pid) }()
		if err := cmd.Wait(); err != nil {
			b.Fatalf("%v: %s", err, errs.String())
		}
		return time.Since(start), <-peak
	}
	first, _ := ask() // makes the caches
	var total time.Duration
	var peak float64
	for b.Loop() {
		took, mib := ask()
		total += took
		peak = max(peak, mib)
	}
	b.ReportMetric(first.Seconds(), "first-s")
	b.ReportMetric(total.Seconds()/float64(b.N), "start-s")
	b.ReportMetric(peak, "peak-MiB")
}

// highWater watches a process until it ends and gives the most memory that was resident, in MiB. What wait tells will not do:
// it counts the memory of the process that started it.
func highWater(pid int) (mib float64) {
	for {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		_, after, found := strings.Cut(string(status), "VmHWM:")
		if err != nil || !found {
			return mib
		}
		var kib float64
		if _, err := fmt.Sscan(after, &kib); err == nil {
			mib = max(mib, kib/1024)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// BenchmarkFirstSound is from the text of an answer being known to the first bytes of its sound, over HTTP.
func BenchmarkFirstSound(b *testing.B) {
	box, err := openBox(context.Background(), &program{stderr: io.Discard}, &cli{Data: b.TempDir()}, boxNeeds{recorder: true})
	if err != nil {
		b.Fatal(err)
	}
	defer box.close()
	if !box.voice.Speaks("en") {
		b.Skip("espeak-ng is missing: apt install espeak-ng")
	}
	server := httptest.NewServer(edge.NewServer(box.config(io.Discard)))
	defer server.Close()
	var took []float64
	for b.Loop() {
		if err := os.RemoveAll(filepath.Join(box.cacheAt, "sound")); err != nil { // sound is rendered afresh each time
			b.Fatal(err)
		}
		text := "how do I make compost"
		reply, err := http.Post(server.URL+"/v1/ask", "application/json", strings.NewReader(fmt.Sprintf(`{"text":%q,"lang":"en"}`, text)))
		if err != nil {
			b.Fatal(err)
		}
		var a httpAnswer
		err = json.NewDecoder(reply.Body).Decode(&a)
		reply.Body.Close()
		if err != nil || len(a.Sound) == 0 {
			b.Fatalf("%v: %+v", err, a)
		}
		start := time.Now()
		sound, err := http.Get(server.URL + a.Sound[0])
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.ReadFull(sound.Body, make([]byte, 1024)); err != nil {
			b.Fatal(err)
		}
		took = append(took, float64(time.Since(start).Microseconds())/1000)
		io.Copy(io.Discard, sound.Body)
		sound.Body.Close()
	}
	slices.Sort(took)
	b.ReportMetric(took[len(took)/2], "p50-ms")
	b.ReportMetric(took[len(took)*95/100], "p95-ms")
}
