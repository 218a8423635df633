package edge

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"jembe/advisory"
	"jembe/content"
	"jembe/edge/hub"
)

// wordBox is a box with what its local words must be.
type wordBox struct {
	*Store
	syncer  *Syncer
	village string
	words   map[string]string // name -> concept
}

// course is one course of adding, removing, speaking with the office and ruling.
type course struct {
	*rapid.T
	o       *office
	lexicon *advisory.Lexicon
	boxes   []*wordBox
}

var (
	madeUpNames = []string{"mchokoo", "tongwa la mto", "kibaro", "zulembe"}
	someThings  = []string{"maize", "tomato", "fall-armyworm"}
)

// lexiconOfThings knows someThings alone: one of all concepts takes longer to make than the rest of a course.
func lexiconOfThings(concepts []advisory.Concept) *advisory.Lexicon {
	var out []advisory.Concept
	for _, c := range concepts {
		if slices.Contains(someThings, c.ID) {
			out = append(out, c)
		}
	}
	return advisory.NewLexicon(out)
}

func (c *course) box() *wordBox { return rapid.SampledFrom(c.boxes).Draw(c.T, "box") }

func (c *course) word() advisory.LocalWord {
	return advisory.LocalWord{Name: rapid.SampledFrom(madeUpNames).Draw(c.T, "name"), Concept: rapid.SampledFrom(someThings).Draw(c.T, "concept"), Lang: "sw"}
}

func (c *course) add(ctx context.Context) {
	b, w := c.box(), c.word()
	_, err := b.AddLocalWord(ctx, w, c.lexicon, nil)
	switch was, has := b.words[w.Name]; {
	case has && was != w.Concept:
		if why := (*advisory.WordError)(nil); !errors.As(err, &why) {
			c.Fatalf("%v is %s already: %v", w, was, err)
		}
	case err != nil:
		c.Fatal(err)
	default:
		b.words[w.Name] = w.Concept
	}
}

func (c *course) remove(ctx context.Context) {
	b, w := c.box(), c.word()
	_, has := b.words[w.Name]
	if err := b.RemoveLocalWord(ctx, w.Name, w.Lang); (err == nil) != has {
		c.Fatalf("%s was one: %v; removed: %v", w.Name, has, err)
	}
	delete(b.words, w.Name)
}

// contact speaks with the office; lost says that the office takes it in and its reply never comes.
func (c *course) contact(ctx context.Context, lost bool) {
	if lost {
		c.o.spoil(func(w http.ResponseWriter, r *http.Request) bool {
			c.o.ServeHTTP(httptest.NewRecorder(), r)
			w.WriteHeader(http.StatusBadGateway)
			return true
		})
		defer c.o.spoil(nil)
	}
	if _, err := c.box().syncer.Once(ctx); err != nil && !lost {
		c.Fatal(err)
	}
}

func (c *course) rule(ctx context.Context) {
	ruling := rapid.SampledFrom([]hub.Ruling{hub.WordApproved, hub.WordRefused}).Draw(c.T, "ruling")
	err := c.o.RuleWord(ctx, hub.CommandLine(), c.word(), ruling)
	var known *advisory.Error
	if err != nil && (!errors.As(err, &known) || known.Code != advisory.NotFound && known.Code != advisory.BadWord) {
		c.Fatal(err)
	}
}

// agreed checks that office and boxes say the same after a last contact.
func (c *course) agreed(ctx context.Context) {
	for _, b := range c.boxes {
		if _, err := b.syncer.Once(ctx); err != nil {
			c.Fatal(err)
		}
	}
	reported, err := c.o.LocalWords(ctx)
	if err != nil {
		c.Fatal(err)
	}
	for _, b := range c.boxes {
		lexicon := lexiconOfThings(content.NewShelf(b.dir).Load().Concepts)
		kept, err := b.LocalWords(ctx, lexicon)
		if err != nil || len(kept) != len(b.words) {
			c.Fatalf("%s keeps %v, want %v; %v", b.village, kept, b.words, err)
		}
		atOffice := 0
		for _, r := range reported {
			if !slices.Contains(r.Villages, b.village) {
				continue
			}
			atOffice++
			i := slices.IndexFunc(kept, func(k KeptWord) bool { return k.LocalWord == r.LocalWord })
			if i < 0 {
				c.Fatalf("the office has %v of %s, which has %v", r, b.village, kept)
			}
			c.stands(r, kept[i], lexicon)
		}
		if atOffice != len(kept) {
			c.Fatalf("the office has %d words of %s, which has %v", atOffice, b.village, kept)
		}
	}
}

// stands checks that a box treats a word as the office has ruled.
func (c *course) stands(r hub.ReportedWord, k KeptWord, lexicon *advisory.Lexicon) {
	want := map[hub.Ruling]WordState{hub.WordWaits: WordSent, hub.WordRefused: WordRefused, hub.WordApproved: WordApproved}[r.Ruling]
	if r.Ruling != hub.WordApproved && lexicon.Standing(r.LocalWord) == advisory.WordTaken {
		want = WordTaken // the name was approved for something else
	}
	if k.State != want {
		c.Fatalf("%v stands as %q, want %q", r, k.State, want)
	}
}

// However words are added, removed and ruled of, and whenever boxes speak with the office or its replies are lost, office and boxes end up
// with the same.
func TestLocalWordsConverge(t *testing.T) {
	starter, err := content.Starter()
	if err != nil {
		t.Fatal(err)
	}
	lexicon, o, run := lexiconOfThings(starter.Concepts), newOffice(t), 0
	ctx := t.Context()
	rapid.Check(t, func(rt *rapid.T) {
		run++
		c := &course{T: rt, o: o, lexicon: lexicon}
		for i := range 2 {
			b := &wordBox{Store: newStore(t, memory(t)), village: fmt.Sprintf("v%d-%d", run, i), words: map[string]string{}}
			invitation, err := o.Enroll(ctx, o.server.URL, b.village)
			if err != nil {
				rt.Fatal(err)
			}
			if _, err := Enrol(ctx, b.Store, invitation, "test"); err != nil {
				rt.Fatal(err)
			}
			b.syncer = NewSyncer(SyncConfig{Store: b.Store, Version: "test", Log: slog.New(slog.DiscardHandler)})
			c.boxes = append(c.boxes, b)
		}
		for range rapid.IntRange(3, 14).Draw(rt, "steps") {
			switch rapid.SampledFrom([]string{"add", "add", "add", "remove", "contact", "contact", "lost", "rule", "restart"}).Draw(rt, "step") {
			case "add":
				c.add(ctx)
			case "remove":
				c.remove(ctx)
			case "contact":
				c.contact(ctx, false)
			case "lost":
				c.contact(ctx, true)
			case "rule":
				c.rule(ctx)
			case "restart":
				if err := c.box().Close(); err != nil {
					rt.Fatal(err)
				}
			}
		}
		c.agreed(ctx)
		for _, b := range c.boxes {
			b.Close()
		}
	})
}
