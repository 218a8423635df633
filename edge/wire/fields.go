package wire

import (
	"encoding/base64"
	"encoding/hex"
	"math"
	"slices"

	"jembe/advisory"
)

// models are what is known of the fields of one kind of event.
type models struct {
	clock, lang, channel, outcome, tier, reason, gender, rating column
	concepts, documents, packs, fell                            list
	hash, consent                                               number
	timed                                                       flag
	timings                                                     [9]number
	odd                                                         flag
}

func newModels() *models {
	m := &models{}
	m.concepts.words, m.documents.words = slices.Clone(knownConcepts()), slices.Clone(knownDocuments())
	m.clock.words = []string{"set", "synced", "unknown"}
	m.lang.words = []string{"", "en", "sw", "hi", "fr"}
	m.channel.words = []string{"", "voice", "text", "choice"}
	m.outcome.words = []string{"", "answered", "unsure", "clarify", "refused"}
	m.tier.words = []string{"", "prepared", "quoted", "generated"}
	m.reason.words = []string{"", "no_evidence", "which_crop", "which_problem", "off_topic", "not_heard"}
	m.gender.words = []string{"", "woman", "man"}
	m.rating.words = []string{"", "up", "down"}
	return m
}

// times codes the clocks as steps from the event before; the two clocks step nearly alike.
func (p *packer) times(e *Event) {
	step := p.wall.signed(p.coder, e.Wall-p.lastWall)
	e.Wall = p.lastWall + step
	e.Mono = p.lastMono + step + p.mono.signed(p.coder, e.Mono-p.lastMono-step)
	e.Boot = p.lastBoot + p.boot.signed(p.coder, e.Boot-p.lastBoot)
	p.lastWall, p.lastMono, p.lastBoot = e.Wall, e.Mono, e.Boot
}

// How an id or a hash is given.
const (
	formNone   = iota
	formUsual  // random bytes in the usual letters
	formBefore // as one before: an answer that is rated, the session that goes on, the hash of the words beside it
	formSpelt
)

// wordsHash codes the hash of the words: where they go along, it is made from them.
func (p *packer) wordsHash(m *models, e *Event, l Line) {
	form, sum := uint64(formSpelt), make([]byte, 16)
	raw, err := base64.RawURLEncoding.DecodeString(e.WordsHash)
	switch {
	case e.WordsHash == "":
		form = formNone
	case l.Words != "" && e.WordsHash == HashWords(l.Salt, l.Words):
		form = formBefore
	case err == nil && len(raw) == len(sum):
		form = formUsual
		copy(sum, raw)
	}
	switch m.hash.code(p.coder, form) {
	case formUsual:
		p.random(sum)
		e.WordsHash = base64.RawURLEncoding.EncodeToString(sum)
	case formBefore:
		e.WordsHash = HashWords(l.Salt, l.Words)
	case formSpelt:
		e.WordsHash = p.spelt.code(p.coder, e.WordsHash)
	}
}

// answerBytes of an answer's id: 80 random bits.
const answerBytes = 10

func (p *packer) answerID(e *Event) {
	form, back, id := uint64(formSpelt), 0, make([]byte, answerBytes)
	raw, err := lowerBase32.DecodeString(e.Answer)
	for i := len(p.answers) - 1; i >= 0 && back == 0 && e.Answer != ""; i-- {
		if p.answers[i] == e.Answer {
			back = len(p.answers) - i
		}
	}
	switch {
	case e.Answer == "":
		form = formNone
	case back > 0:
		form = formBefore
	case err == nil && len(raw) == len(id):
		form = formUsual
		copy(id, raw)
	}
	switch p.answer.code(p.coder, form) {
	case formUsual:
		p.random(id)
		e.Answer = lowerBase32.EncodeToString(id)
	case formBefore:
		n := p.back.code(p.coder, uint64(back))
		if n < 1 || n > uint64(len(p.answers)) {
			return // only in bytes that nobody wrote
		}
		e.Answer = p.answers[uint64(len(p.answers))-n]
		return
	case formSpelt:
		e.Answer = p.spelt.code(p.coder, e.Answer)
	default:
		return
	}
	p.answers = append(p.answers, e.Answer)
}

func (p *packer) sessionID(e *Event) {
	form := uint64(formSpelt)
	raw, err := hex.DecodeString(e.Session)
	switch {
	case e.Session == "":
		form = formNone
	case e.Session == p.lastSession:
		form = formBefore
	case err == nil && hex.EncodeToString(raw) == e.Session:
		form = formUsual
	}
	switch p.session.code(p.coder, form) {
	case formUsual:
		e.Session = hex.EncodeToString(p.randomBytes(&p.sessionBytes, raw))
	case formBefore:
		e.Session = p.lastSession
	case formSpelt:
		e.Session = p.spelt.code(p.coder, e.Session)
	default:
		return
	}
	p.lastSession = e.Session
}

// stages codes the timings in µs. The guard works while an answer is written, and the total is the sum of the stages and a little more.
func (p *packer) stages(m *models, e *Event) {
	if !m.timed.code(p.coder, e.Timings != nil) {
		return
	}
	if e.Timings == nil {
		e.Timings = &advisory.Timings{}
	}
	t, sum := e.Timings, int64(0)
	for i, stage := range []*float64{&t.Decode, &t.Hear, &t.Understand, &t.Retrieve, &t.Evidence, &t.Write, &t.Speak} {
		us := p.stage(m, i, stage, 0)
		sum += us
		if stage == &t.Write {
			p.stage(m, 7, &t.Guard, us)
		}
	}
	p.stage(m, 8, &t.Total, sum)
}

// stage codes one timing as its difference from what is expected of it, and gives its µs. One that is no whole number of µs goes bit
// by bit.
func (p *packer) stage(m *models, i int, ms *float64, expected int64) int64 {
	us := int64(math.Round(*ms * 1000))
	if !m.odd.code(p.coder, float64(us)/1000 != *ms) {
		us = expected + m.timings[i].signed(p.coder, us-expected)
		*ms = float64(us) / 1000
		return us
	}
	b := make([]byte, 8)
	for i := range b {
		b[i] = byte(math.Float64bits(*ms) >> (8 * i))
	}
	p.random(b)
	var v uint64
	for i := range b {
		v |= uint64(b[i]) << (8 * i)
	}
	*ms = math.Float64frombits(v)
	return 0
}

// consent codes it as 0: nothing asked, else 1 and 2 for words and voice.
func (p *packer) consent(m *models, e *Event) {
	v := uint64(0)
	if e.Consent != nil {
		v = 1
		if e.Consent.Words {
			v |= 2
		}
		if e.Consent.Voice {
			v |= 4
		}
	}
	if v = m.consent.code(p.coder, v); v > 0 {
		e.Consent = &advisory.Consent{Words: v&2 > 0, Voice: v&4 > 0}
	}
}
