package content

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// machine is a channel, a box that follows it, and what must hold of the two.
type machine struct {
	*press
	box      follower
	archive  map[string]ChannelPack // id -> entry
	latest   map[string]int         // version of each name that was ever published
	history  []Publication
	revoked  []Revocation // as the box heard of them
	seen     int64        // version that the box has accepted
	accepted []ChannelPack
	complete []string // ids last put into use
}

// publish makes the next version of some packs, or leaves them out.
func (m *machine) publishSome(t *rapid.T) {
	var packs []ChannelPack
	for _, name := range []string{"office", "vets", "goats"} {
		least := max(1, m.latest[name])
		if slices.ContainsFunc(m.channel.Revoked, func(r Revocation) bool { return r.takesBack(name, fmt.Sprint(least)) }) {
			least++
		}
		if least > 9 || rapid.IntRange(0, 3).Draw(t, "leave out") == 0 {
			continue
		}
		v := rapid.IntRange(least, min(9, least+1)).Draw(t, "version")
		m.latest[name] = v
		packs = append(packs, m.archive[fmt.Sprintf("%s@%d", name, v)])
	}
	m.history = append(m.history, m.publish(packs...))
}

func (m *machine) revokeSome(t *rapid.T) {
	r := Revocation{Document: rapid.SampledFrom([]string{"office", "vets", "snakebite", "rabies"}).Draw(t, "document")}
	if len(m.channel.Packs) > 0 && rapid.Bool().Draw(t, "pack") {
		p := rapid.SampledFrom(m.channel.Packs).Draw(t, "which")
		r = Revocation{Pack: p.Name, Version: p.Version}
	}
	if !slices.ContainsFunc(m.channel.Revoked, func(x Revocation) bool { return x.String() == r.String() }) {
		m.history = append(m.history, m.revoke(r))
	}
}

// contact shows the box a publication, the newest or an old one, and cuts the line at any step.
func (m *machine) contact(t *rapid.T) {
	if len(m.history) == 0 {
		return
	}
	i := rapid.IntRange(0, len(m.history)-1).Draw(t, "publication")
	if rapid.Bool().Draw(t, "newest") {
		i = len(m.history) - 1
	}
	b := m.history[i]
	c, err := ParseChannel(b.Content.Body)
	if err != nil {
		t.Fatal(err)
	}
	err = m.box.Accept(m.box.root, b)
	switch {
	case c.Version >= m.seen && err != nil:
		t.Fatalf("version %d after %d: %v", c.Version, m.seen, err)
	case c.Version < m.seen:
		if _, ok := Refused(err); !ok {
			t.Fatalf("version %d after %d: %v, want a refusal", c.Version, m.seen, err)
		}
		return
	}
	m.seen, m.accepted = c.Version, c.Packs
	m.revoked = append(m.revoked, c.Revoked...)
	m.follow(t)
}

// follow fetches some of what is wanted, some of it cut short, and puts the set into use if it can.
func (m *machine) follow(t *rapid.T) {
	wanted, err := m.box.Wanted()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp(m.archives, "fetched")
	if err != nil {
		t.Fatal(err)
	}
	whole := true
	for _, p := range wanted {
		raw, err := os.ReadFile(filepath.Join(m.archives, p.SHA256))
		if err != nil {
			t.Fatal(err)
		}
		if n := rapid.IntRange(0, 2*len(raw)).Draw(t, "fetched"); n < len(raw) {
			raw, whole = raw[:n], false
		}
		if err := os.WriteFile(filepath.Join(dir, p.SHA256), raw, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.box.Follow(dir); (err == nil) != whole {
		t.Fatalf("all packs fetched: %v, and put into use: %v", whole, err)
	}
	if whole {
		m.complete = nil
		for _, p := range m.accepted {
			m.complete = append(m.complete, p.ID())
		}
	}
}

// check: what is in use is whole, verified, the set last put into use without what was taken back, and never older than seen.
func (m *machine) check(t *rapid.T) {
	lib := m.box.Load()
	if errs := broken(lib); len(errs) > 0 {
		t.Fatal(errs)
	}
	want := slices.DeleteFunc(slices.Clone(m.complete), func(id string) bool {
		return slices.ContainsFunc(m.revoked, func(r Revocation) bool { return r.String() == id })
	})
	now, err := m.box.Following()
	if err != nil || now.Version != m.seen {
		t.Fatalf("the box is at version %d, %v; it has seen %d", now.Version, err, m.seen)
	}
	if got := lib.Packs[1:]; !slices.Equal(got, want) {
		var accepted []string // nothing had to be fetched
		for _, p := range m.accepted {
			accepted = append(accepted, p.ID())
		}
		if !now.Complete || !slices.Equal(got, accepted) {
			t.Fatalf("in use are %v, want %v", got, want)
		}
		m.complete = accepted
	}
	for _, d := range lib.Documents {
		if slices.ContainsFunc(m.revoked, func(r Revocation) bool { return r.Document == d.ID }) {
			t.Fatalf("%s was taken back, and is in %s", d.ID, d.Pack)
		}
	}
}

// TestChannelInAnyOrder: publish, take back, rotate, replay, cut: a box always has a whole verified set, and never goes back.
func TestChannelInAnyOrder(t *testing.T) {
	archive, all := map[string]ChannelPack{}, newPress(t)
	for _, name := range []string{"office", "vets", "goats"} {
		for v := 1; v <= 9; v++ {
			archive[fmt.Sprintf("%s@%d", name, v)] = all.pack(pack(t, name, fmt.Sprint(v)))
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		p := newPress(t)
		p.archives = all.archives
		m := &machine{press: p, box: newFollower(t, p), archive: archive, latest: map[string]int{}}
		rt.Repeat(map[string]func(*rapid.T){
			"":                 m.check,
			"publish":          m.publishSome,
			"take back":        m.revokeSome,
			"rotate publisher": func(*rapid.T) { m.history = append(m.history, p.rotatePublisher()) },
			"rotate root":      func(*rapid.T) { m.history = append(m.history, p.rotateRoot()) },
			"contact":          m.contact,
			"contact again":    m.contact,
			"noise in staging": func(*rapid.T) { _ = os.MkdirAll(filepath.Join(m.box.dir, staging+"cut", "docs"), 0o755) },
		})
	})
}

// TestKilledFollower kills a box that takes one publication after the other, again and again at another moment.
func TestKilledFollower(t *testing.T) {
	if data := os.Getenv("CONTENT_TEST_FOLLOW"); data != "" {
		followAll(data, os.Getenv("CONTENT_TEST_ARCHIVES"))
		return
	}
	p := newPress(t)
	data := t.TempDir()
	const versions = 60
	var vets ChannelPack
	for v := range versions {
		if v%2 == 0 {
			vets = p.pack(pack(t, "vets", fmt.Sprint(v+1)))
		}
		b := p.publish(p.pack(pack(t, "office", fmt.Sprint(v+1))), vets)
		raw, err := json.Marshal(map[string]any{"root": public(p.root), "publication": b})
		if err != nil {
			t.Fatal(err)
		}
		overwrite(t, filepath.Join(p.archives, fmt.Sprint(v+1, ".json")), raw)
	}
	s, last, kills := NewShelf(data), int64(0), 0
	for ; kills < 25 && last < versions; kills++ {
		c := exec.Command(os.Args[0], "-test.run=^TestKilledFollower$")
		c.Env = append(os.Environ(), "CONTENT_TEST_FOLLOW="+data, "CONTENT_TEST_ARCHIVES="+p.archives)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		before, _ := s.Revision()
		for n, from := before, time.Now(); n == before && time.Since(from) < 10*time.Second; n, _ = s.Revision() {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Duration(rand.IntN(15_000)) * time.Microsecond)
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = c.Wait() // it was killed
		last = wholeSet(t, s, last)
	}
	if last < 2 {
		t.Fatalf("after %d kills the box is at version %d", kills, last)
	}
}

// wholeSet expects the packs of one version of the channel, or of the one before, in use; it gives the version.
func wholeSet(t *testing.T, s *Shelf, last int64) int64 {
	t.Helper()
	lib := s.Load()
	now, err := s.Following()
	if errs := broken(lib); len(errs) > 0 || err != nil || now.Version < last {
		t.Fatalf("after a kill at version %d, was %d: %v, %v", now.Version, last, errs, err)
	}
	set := func(v int64) string { return fmt.Sprintf("office@%d vets@%d", v, (v+1)/2*2-1) }
	got := strings.Join(lib.Packs[1:], " ")
	if got != set(now.Version) && got != set(now.Version-1) && (got != "" || now.Version > 1) {
		t.Fatalf("at version %d the packs %s are in use", now.Version, got)
	}
	return now.Version
}

// followAll takes all publications; those that are older than what is there are refused.
func followAll(data, archives string) {
	s := NewShelf(data)
	for v := 1; ; v++ {
		raw, err := os.ReadFile(filepath.Join(archives, fmt.Sprint(v, ".json")))
		var in struct {
			Root        string      `json:"root"`
			Publication Publication `json:"publication"`
		}
		if err != nil || json.Unmarshal(raw, &in) != nil {
			return
		}
		if s.Accept(in.Root, in.Publication) == nil {
			_ = s.Follow(archives)
		}
	}
}

func TestFullDiskKeepsTheSetBefore(t *testing.T) {
	p := newPress(t)
	f := follower{NewShelf(mounted(t, "256k")), public(p.root)}
	f.take(t, p, p.publish(p.pack(pack(t, "office", "1"))))
	large := built(t, files{
		"manifest.json": `{"name": "office", "version": "2"}`, "docs/en/office.md": plain("office", "en", "Large"),
		"vectors/large.bin": strings.Repeat("0123456789abcdef", 1<<15),
	})
	if err := f.Accept(f.root, p.publish(p.pack(pack(t, "vets", "1")), p.pack(large))); err != nil {
		t.Fatal(err)
	}
	wantCode(t, f.Follow(p.archives), "disk_full")
	f.wantInUse(t, "office@1")
	fill(t, filepath.Join(filepath.Dir(f.dir), "filler"))
	wantCode(t, f.Accept(f.root, p.publish()), "disk_full")
	f.wantInUse(t, "office@1")
	if errs := broken(f.Load()); len(errs) > 0 {
		t.Error(errs)
	}
}
