package wire

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"math"
	"slices"

	"jembe/advisory"
)

// Line is one line of the record on its way: the canonical bytes of an event, and what the farmer said where it is kept.
type Line struct {
	Body  []byte
	Words string // redacted; "" : none, or erased
	Salt  []byte // of the words' hash
}

// packer codes lines one after the other, each by what the ones before it were like.
type packer struct {
	*coder
	device, epoch string
	seq           int64
	text          []byte // what is left for zstd: words, and lines as they are

	raw, spoken        flag
	textLength         number
	saltLength         number
	kind               column
	boot, wall, mono   number
	lastWall, lastMono int64
	lastBoot           int64
	session, answer    number // how it is given
	back               number
	sessionBytes       number
	lastSession        string
	answers            []string // met, in order
	spelt              column   // what has not the usual form
	kinds              map[advisory.Kind]*models
}

// usualKinds have models of their own; all others share one. Their order is part of the encoding, as are the words that models begin with.
var usualKinds = []advisory.Kind{advisory.KindQuestion, advisory.KindRating, advisory.KindEscalation, advisory.KindConsent, advisory.KindFollowup, advisory.KindHealth}

func (p *packer) models(kind advisory.Kind) *models {
	if !slices.Contains(usualKinds, kind) {
		kind = ""
	}
	if p.kinds[kind] == nil {
		p.kinds[kind] = newModels()
	}
	return p.kinds[kind]
}

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

func newPacker(c *coder, h Header) *packer {
	p := &packer{coder: c, device: h.Device, epoch: h.Epoch, seq: h.First, kinds: map[advisory.Kind]*models{}}
	for _, k := range usualKinds {
		p.kind.words = append(p.kind.words, string(k))
	}
	return p
}

// line codes the next line. Writing, a line goes as it is where raw says so; reading, the canonical bytes of what was read come out.
func (p *packer) line(l Line, raw bool) (Line, error) {
	defer func() { p.seq++ }()
	if raw = p.raw.code(p.coder, raw); raw {
		l.Body = p.letters(l.Body)
	}
	if p.spoken.code(p.coder, l.Words != "") {
		l.Words = string(p.letters([]byte(l.Words)))
		l.Salt = p.randomBytes(&p.saltLength, l.Salt)
		if l.Words == "" {
			return l, errBroken
		}
	}
	if raw {
		return l, nil
	}
	e, err := Event{}, error(nil)
	if !p.reading {
		if e, err = Parse(l.Body); err != nil {
			return l, err
		}
	}
	p.event(&e, l)
	l.Body, err = Canonical(e)
	return l, err
}

// letters codes bytes that zstd makes small: they go into text.
func (p *packer) letters(b []byte) []byte {
	n := p.textLength.code(p.coder, uint64(len(b)))
	if !p.reading {
		p.text = append(p.text, b...)
		return b
	}
	n = min(n, uint64(len(p.text)))
	b, p.text = p.text[:n:n], p.text[n:]
	return b
}

// randomBytes codes bytes that nothing is known of.
func (p *packer) randomBytes(length *number, b []byte) []byte {
	n := length.code(p.coder, uint64(len(b)))
	if !p.take(n) {
		return nil
	}
	if p.reading {
		b = make([]byte, n)
	}
	p.random(b)
	return b
}

// event codes the fields of an event: this is the form of the line.
func (p *packer) event(e *Event, l Line) {
	e.Device, e.Epoch, e.Seq = p.device, p.epoch, p.seq
	e.Kind = advisory.Kind(p.kind.code(p.coder, string(e.Kind)))
	m := p.models(e.Kind)
	p.times(e)
	e.Clock = Clock(m.clock.code(p.coder, string(e.Clock)))
	p.wordsHash(m, e, l)
	p.answerID(e)
	p.sessionID(e)
	e.Lang = advisory.Lang(m.lang.code(p.coder, string(e.Lang)))
	e.Channel = advisory.Channel(m.channel.code(p.coder, string(e.Channel)))
	e.Outcome = advisory.Outcome(m.outcome.code(p.coder, string(e.Outcome)))
	e.Tier = advisory.Tier(m.tier.code(p.coder, string(e.Tier)))
	e.Reason = advisory.Reason(m.reason.code(p.coder, string(e.Reason)))
	e.Concepts = m.concepts.code(p.coder, e.Concepts)
	e.Documents = m.documents.code(p.coder, e.Documents)
	e.Packs = m.packs.code(p.coder, e.Packs)
	e.Fell = m.fell.code(p.coder, e.Fell)
	p.stages(m, e)
	e.Gender = advisory.Gender(m.gender.code(p.coder, string(e.Gender)))
	e.Rating = advisory.Rating(m.rating.code(p.coder, string(e.Rating)))
	p.consent(m, e)
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

// pack gives the text and the bits of lines. A line that would not come back byte for byte goes as it is.
func pack(h Header, lines []Line) (text, packed []byte, err error) {
	raw := make([]bool, len(lines))
	for i, l := range lines {
		raw[i] = !h.usual(l, i)
	}
	for range 2 {
		p := newPacker(newWriter(), h)
		for i, l := range lines {
			if _, err := p.line(l, raw[i]); err != nil {
				return nil, nil, err
			}
		}
		text, packed = p.text, p.end()
		back, err := unpack(h, text, packed)
		if err == nil && slices.EqualFunc(back, lines, Line.equal) {
			return text, packed, nil
		}
		for i := range raw {
			raw[i] = raw[i] || i >= len(back) || !back[i].equal(lines[i])
		}
	}
	return nil, nil, errBroken
}

func (l Line) equal(m Line) bool {
	return bytes.Equal(l.Body, m.Body) && l.Words == m.Words && bytes.Equal(l.Salt, m.Salt)
}

// usual reports whether a line is what this program writes at its place.
func (h Header) usual(l Line, i int) bool {
	e, err := Parse(l.Body)
	if err != nil || e.Device != h.Device || e.Epoch != h.Epoch || e.Seq != h.First+int64(i) {
		return false
	}
	again, err := Canonical(e)
	return err == nil && bytes.Equal(again, l.Body)
}

// unpack gives the lines back.
func unpack(h Header, text, packed []byte) ([]Line, error) {
	p := newPacker(newReader(packed, maxOpened), h)
	p.text = text
	var out []Line
	for range h.Events {
		l, err := p.line(Line{}, false)
		if err != nil || p.room < 0 {
			return out, errBroken
		}
		out = append(out, l)
	}
	if len(p.text) > 0 {
		return out, errBroken
	}
	return out, nil
}
