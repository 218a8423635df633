package edge

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"

	"jembe/advisory"
	"jembe/edge/hub/pgtest"
	"jembe/edge/wire"
)

// TestMain lets this test binary be the child that a test kills, or runs many of.
func TestMain(m *testing.M) {
	if dir := os.Getenv("JEMBE_TEST_RECORDER"); dir != "" {
		recordForever(dir)
	}
	beChild()
	os.Exit(pgtest.Main(m))
}

// recordForever records events until it is killed, or as many as told, and prints the number of each one acknowledged.
func recordForever(dir string) {
	limit, _ := strconv.Atoi(os.Getenv("JEMBE_TEST_EVENTS"))
	s := unopened(dir)
	for i := 1; limit == 0 || i <= limit; i++ {
		if err := s.Record(context.Background(), question(fmt.Sprintf("%d-%d", os.Getpid(), i))); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		fmt.Println(i)
	}
	os.Exit(0)
}

func recorder(t *testing.T, dir string, events int) *exec.Cmd {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "JEMBE_TEST_RECORDER="+dir, fmt.Sprintf("JEMBE_TEST_EVENTS=%d", events))
	return c
}

func question(answer string) advisory.Event {
	return advisory.Event{
		Kind: advisory.KindQuestion, Answer: answer, Session: "s", Lang: "en", Channel: advisory.ByText, Outcome: advisory.Answered,
		Tier: advisory.Prepared, Concepts: []string{"maize"}, Documents: []string{"maize-fall-armyworm"},
		Timings: &advisory.Timings{Total: 12.5}, Consent: &advisory.Consent{},
	}
}

func unopened(dir string) *Store { return &Store{dir: dir, clock: now} }

func newStore(t *testing.T, dir string) *Store {
	t.Helper()
	s := unopened(dir)
	t.Cleanup(func() { s.Close() })
	return s
}

func record(t *testing.T, s *Store, e advisory.Event) {
	t.Helper()
	if err := s.Record(t.Context(), e); err != nil {
		t.Fatal(err)
	}
}

// events gives all that is recorded, after the chain has been verified.
func events(t *testing.T, s *Store) []wire.Event {
	t.Helper()
	if err := s.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := s.Export(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	var out []wire.Event
	for line := range strings.Lines(b.String()) {
		e, err := wire.Parse([]byte(line))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
	return out
}

func TestRecordGivesEachEventItsPlace(t *testing.T) {
	s := newStore(t, t.TempDir())
	for i := range 3 {
		record(t, s, question(fmt.Sprint(i)))
	}
	got := events(t, s)
	if len(got) != 3 {
		t.Fatalf("%d events, want 3", len(got))
	}
	for i, e := range got {
		if e.Seq != int64(i+1) || e.Device != got[0].Device || e.Epoch != got[0].Epoch || e.Boot != 1 || e.Mono <= 0 || e.Wall <= 0 {
			t.Errorf("event %d: %+v", i, e)
		}
		if e.Event.Answer != fmt.Sprint(i) || !reflect.DeepEqual(e.Event, question(fmt.Sprint(i))) {
			t.Errorf("event %d holds %+v", i, e.Event)
		}
	}
	if len(got[0].Device) != 16 || len(got[0].Epoch) != 8 {
		t.Errorf("device %q, epoch %q", got[0].Device, got[0].Epoch)
	}
}

func TestFilesOfTheStoreArePrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	s := newStore(t, dir)
	record(t, s, question("a"))
	for name, want := range map[string]os.FileMode{".": 0o700, "key": 0o600, "epoch": 0o600, "ballast": 0o600, "jembe.db": 0o600, "jembe.db-wal": 0o600} {
		st, err := os.Stat(filepath.Join(dir, name))
		if err != nil || st.Mode().Perm() != want {
			t.Errorf("%s: %v, %v; want mode %o", name, st, err, want)
		}
	}
	if st, err := os.Stat(filepath.Join(dir, "ballast")); err != nil || st.Size() != 4<<20 {
		t.Errorf("ballast: %v %v, want 4 MiB", st, err)
	}
}

func TestReopeningGoesOnInTheSameEpoch(t *testing.T) {
	dir := t.TempDir()
	for range 3 {
		s := unopened(dir)
		record(t, s, question("a"))
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if got := events(t, newStore(t, dir)); got[2].Seq != 3 || got[2].Epoch != got[0].Epoch {
		t.Errorf("third event: %+v", got[2])
	}
}

// What was acknowledged before kill -9 is there afterwards, gapless and in the same epoch.
func TestKillLosesNothingAcknowledged(t *testing.T) {
	dir := t.TempDir()
	acknowledged := 0
	for range 4 {
		c := recorder(t, dir, 0)
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; n < 25 && lines.Scan(); n++ {
			if _, err := strconv.Atoi(lines.Text()); err != nil {
				t.Fatal(lines.Text())
			}
			acknowledged++
		}
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		c.Wait()
	}
	got := events(t, newStore(t, dir))
	if len(got) < acknowledged || acknowledged < 100 {
		t.Fatalf("%d events, %d were acknowledged", len(got), acknowledged)
	}
	for i, e := range got {
		if e.Seq != int64(i+1) || e.Epoch != got[0].Epoch {
			t.Fatalf("event %d is %s %d", i, e.Epoch, e.Seq)
		}
	}
}

// A jembe ask beside a running serve, and both for the first time.
func TestSeveralProcessesAndGoroutines(t *testing.T) {
	dir := t.TempDir()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if out, err := recorder(t, dir, 20).CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	s := newStore(t, dir)
	for range 4 {
		wg.Go(func() {
			for i := range 5 {
				if err := s.Record(t.Context(), question(fmt.Sprint("own-", i))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	got := events(t, s)
	if len(got) != 100 || got[99].Seq != 100 || got[99].Epoch != got[0].Epoch {
		t.Fatalf("%d events, last %+v", len(got), got[len(got)-1])
	}
}

func TestReadOnlyFolderIsAClearError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{filepath.Join(file, "data"), "/proc/jembe"} { // root may write to any folder but these
		err := unopened(dir).Record(t.Context(), question("a"))
		if e := (*advisory.Error)(nil); !errors.As(err, &e) || e.Code != advisory.Internal || !strings.Contains(e.Hint, "writable") {
			t.Errorf("%s: %v, want a hint to make it writable", dir, err)
		}
	}
}

func TestBrokenKeyIsNotReplaced(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "key"), []byte("no key"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := OpenStore(t.Context(), dir)
	if e := (*advisory.Error)(nil); !errors.As(err, &e) || !strings.Contains(e.Hint, "move it away") {
		t.Errorf("%v, want a hint to move it away", err)
	}
}

func BenchmarkRecord(b *testing.B) {
	s := unopened(b.TempDir())
	defer s.Close()
	for b.Loop() {
		if err := s.Record(b.Context(), question("a")); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	for b.Loop() {
		s, err := OpenStore(b.Context(), dir)
		if err := errors.Join(err, s.Close()); err != nil {
			b.Fatal(err)
		}
	}
}
