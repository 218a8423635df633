package wire

import (
	"bytes"
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
