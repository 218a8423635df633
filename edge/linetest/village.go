// Package linetest plays a village for tests and measurements of the line: events as a month of questions at one box gives them.
//
// Documents, crops, topics and words are those of the starter pack; how often what is asked, by whom and how fast it is answered is
// made up, with the spread that real boxes show. It never opens a file or a socket.
package linetest

import (
	"encoding/base32"
	"encoding/hex"
	"math"
	"math/rand"
	"slices"
	"strings"
	"time"

	"jembe/advisory"
	"jembe/content"
	"jembe/edge/wire"
)

// Village gives one event after the other. The same seed gives the same events.
type Village struct {
	Words bool // every farmer lets the words be kept; else none does

	random  *rand.Rand
	common  *rand.Zipf
	docs    []*content.Document
	packs   []string
	session string
	lang    advisory.Lang
	gender  advisory.Gender
	voice   bool
	asked   string // the answer that may be rated next
}

// New gives a village. It panics where the starter pack cannot be read, which is part of the program.
func New(seed int64) *Village {
	pack, err := content.Starter()
	if err != nil {
		panic(err)
	}
	r := rand.New(rand.NewSource(seed))
	docs := slices.Clone(pack.Documents)
	r.Shuffle(len(docs), func(i, j int) { docs[i], docs[j] = docs[j], docs[i] })
	return &Village{random: r, docs: docs, packs: []string{pack.Manifest.Name + "@" + pack.Manifest.Version}, common: rand.NewZipf(r, 1.2, 8, uint64(len(docs)-1))}
}

// Next gives the next event: mostly a question, at times what the farmer thought of the answer before.
func (v *Village) Next() advisory.Event {
	if v.asked != "" && v.random.Float64() < 0.35 {
		e := advisory.Event{Kind: advisory.KindRating, Answer: v.asked, Session: v.session, Rating: advisory.ThumbUp}
		switch p := v.random.Float64(); {
		case p < 0.08:
			e.Kind, e.Rating = advisory.KindEscalation, ""
		case p < 0.3:
			e.Rating = advisory.ThumbDown
		}
		v.asked = ""
		return e
	}
	if v.session == "" || v.random.Float64() < 0.45 {
		v.person()
	}
	return v.question()
}

// person begins a session.
func (v *Village) person() {
	v.session = hex.EncodeToString(v.bytes(12))
	v.lang = []advisory.Lang{"sw", "sw", "sw", "sw", "en", "hi", "fr"}[v.random.Intn(7)]
	v.gender = []advisory.Gender{"", advisory.Woman, advisory.Man}[v.random.Intn(3)]
	v.voice = v.random.Float64() < 0.6
}

func (v *Village) question() advisory.Event {
	d := v.docs[v.common.Uint64()]
	v.asked = strings.ToLower(base32.StdEncoding.EncodeToString(v.bytes(10)))
	e := advisory.Event{
		Kind: advisory.KindQuestion, Answer: v.asked, Session: v.session, Lang: v.lang, Channel: advisory.ByText, Outcome: advisory.Answered,
		Tier: advisory.Prepared, Documents: []string{d.ID}, Packs: v.packs, Gender: v.gender, Consent: &advisory.Consent{Words: v.Words},
	}
	e.Concepts = append(append(e.Concepts, d.Crops...), d.Topics...)
	e.Concepts = e.Concepts[:min(len(e.Concepts), 1+v.random.Intn(3))]
	if v.Words && len(d.Questions) > 0 {
		e.Words = d.Questions[v.random.Intn(len(d.Questions))]
	}
	if v.random.Float64() < 0.2 {
		e.Outcome, e.Tier, e.Reason, e.Documents = advisory.Unsure, "", advisory.NoEvidence, nil
	}
	v.times(&e)
	return e
}

// times are those of an old core: recognition takes most.
func (v *Village) times(e *advisory.Event) {
	t := &advisory.Timings{Understand: v.spread(0.5), Retrieve: v.spread(20), Evidence: v.spread(0.1)}
	if v.voice {
		e.Channel = advisory.ByVoice
		t.Decode, t.Hear = v.spread(3), v.spread(1500)
	}
	if e.Outcome == advisory.Answered {
		t.Guard = v.spread(5)
		t.Write = t.Guard + v.spread(0.05)
	}
	t.Total = t.Decode + t.Hear + t.Understand + t.Retrieve + t.Evidence + t.Write + v.spread(0.05)
	for _, stage := range []*float64{&t.Decode, &t.Hear, &t.Understand, &t.Retrieve, &t.Evidence, &t.Write, &t.Guard, &t.Total} {
		*stage = math.Round(*stage*1000) / 1000 // the program measures in µs
	}
	e.Timings = t
}

// spread draws around a median in ms, two thirds within half and twice of it.
func (v *Village) spread(median float64) float64 {
	return median * math.Exp(0.7*v.random.NormFloat64())
}

func (v *Village) bytes(n int) []byte {
	b := make([]byte, n)
	v.random.Read(b)
	return b
}

// Lines gives the first n lines of an epoch, as the Store makes them: 300 events a day.
func (v *Village) Lines(device, epoch string, n int) []wire.Line {
	at, mono := time.Date(2026, 3, 1, 6, 0, 0, 0, time.UTC).UnixMilli(), int64(60_000)
	var out []wire.Line
	for seq := range int64(n) {
		step := int64(v.random.ExpFloat64() * 288_000)
		at, mono = at+step, mono+step+int64(v.random.Intn(2))
		e := wire.Event{Device: device, Epoch: epoch, Seq: seq + 1, Boot: 1 + seq/300, Mono: mono, Wall: at, Clock: wire.ClockSet, Event: v.Next()}
		l := wire.Line{Words: e.Words}
		if l.Words != "" {
			l.Salt = v.bytes(wire.SaltBytes)
			e.WordsHash = wire.HashWords(l.Salt, l.Words)
		}
		l.Body, _ = wire.Canonical(e) // whole by construction
		out = append(out, l)
	}
	return out
}
