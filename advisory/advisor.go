package advisory

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// MaxQuestion is the longest question in characters.
const MaxQuestion = 2000

// Library is what the installed packs give to answering; it is swapped as a whole when a pack comes or goes.
type Library struct {
	Lexicon   *Lexicon
	Retriever Retriever
	Menu      Menu          // of what holds here; its numbers are taken for choices
	Menus     map[Lang]Menu // what there is of it in each language
	Packs     []string      // name@version
}

// MenuIn gives the menu of what can be answered in a language; all of it where that is not known.
func (l Library) MenuIn(lang Lang) Menu {
	if m, ok := l.Menus[lang]; ok {
		return m
	}
	return l.Menu
}

// Advisor answers questions: it holds the contracts and takes a question along the path.
type Advisor struct {
	Library     func() Library // the library of this moment
	Transcriber Transcriber    // nil: the box cannot hear
	Generators  []Generator    // tried in order where a document's prepared answer does not fit the question
	Speaker     Speaker        // nil: the box cannot speak
	Recorder    Recorder       // nil: nothing is recorded (evaluation)
	Setting     func() Setting // the box's of this moment; nil: none
	Field       bool           // in use by farmers: what the office has not approved on pesticides and animal medicines is not said
}

// lastResort is the language for people in danger whose own the box has not.
const lastResort Lang = "en"

// candidates is how many documents are weighed.
const candidates = 8

// ask is one question on its way.
type ask struct {
	*Advisor
	Library
	Setting
	q    Question
	turn Turn // what the session will remember of it

	doubtful []string  // words that the recogniser doubts
	half     bool      // of two questions asked in one
	document *Document // from which it is answered
	answer   Answer
	event    Event
	heard    int // parts of the answer's speech that were said while it was written
	started  time.Time
}

// Ask answers one question. The error is an *Error for a question that cannot be taken, or that of the Recorder; with the
// latter the answer is whole all the same, and may be given. Every other question has an Answer, whatever its outcome.
func (a *Advisor) Ask(ctx context.Context, q Question) (Answer, error) {
	if _, ok := ParseLang(string(q.Lang)); !ok {
		return Answer{}, &Error{Code: UnknownLang, Hint: "use one of " + langList()}
	}
	k := a.begin(q)
	if err := k.run(ctx); err != nil {
		return Answer{}, err
	}
	if k.answer.ID = q.ID; q.ID == "" {
		k.answer.ID = NewID()
	}
	k.answer.Turn = k.remembered()
	if k.answer.Citations == nil {
		k.answer.Citations = []Citation{}
	}
	if k.answer.Choices == nil {
		k.answer.Choices = []Choice{}
	}
	if k.answer.Contacts == nil {
		k.answer.Contacts = []Contact{}
	}
	if err := k.speak(ctx); err != nil {
		return Answer{}, err
	}
	k.answer.Timings.Total = Milliseconds(k.started)
	return k.answer, k.record(ctx)
}

// begin sets a question on its way, with the library and the setting of this moment.
func (a *Advisor) begin(q Question) *ask {
	k := &ask{Advisor: a, Library: a.Library(), q: q, started: time.Now()}
	if a.Setting != nil {
		k.Setting = a.Setting()
	}
	return k
}

// run takes the question to an answer.
func (k *ask) run(ctx context.Context) error {
	switch {
	case k.q.Choice != "":
		k.event.Channel = ByChoice
		return k.choose(ctx)
	case k.q.Audio != nil:
		k.event.Channel = ByVoice
		return k.hear(ctx)
	default:
		k.event.Channel = ByText
		return k.words(ctx, k.q.Text)
	}
}

// choose answers with the document that the farmer chose, by a choice or by its number.
func (k *ask) choose(ctx context.Context) error {
	u := Understanding{Lang: k.q.Lang}
	if u.Lang == "" {
		u.Lang = "en"
	}
	if k.q.Choice == No {
		k.settle(u, message(u, Unsure, Misheard), nil)
		return nil
	}
	document, ok := k.Menu.Advice(k.q.Choice)
	if !ok {
		document = k.q.Choice
	}
	found, err := k.Retriever.Retrieve(ctx, Query{Document: document, Lang: u.Lang, Limit: 1})
	if err != nil {
		return fmt.Errorf("retrieve: %w", err)
	}
	if len(found) == 0 || !found[0].Document.HoldsIn(k.Place) {
		return &Error{Code: NotFound, Err: fmt.Errorf("there is no advice %q", k.q.Choice), Hint: "choose one of the choices that the last answer offered, or a number of the menu"}
	}
	best := Scored{Match: found[0], Confidence: 1}
	k.turn = k.q.Before
	return k.write(ctx, u, best)
}

// words answers what was typed or heard: the number of an advice is a choice, all else a question.
func (k *ask) words(ctx context.Context, text string) error {
	if _, ok := k.Menu.Advice(text); ok {
		k.q.Choice, k.event.Channel = text, ByChoice
		return k.choose(ctx)
	}
	return k.advise(ctx, text)
}

// advise is the path of a question.
func (k *ask) advise(ctx context.Context, text string) error {
	stage := time.Now()
	text, err := Clean(text)
	if err != nil {
		return err
	}
	u := Understand(text, k.q.Lang, k.Lexicon)
	u.Doubtful = append(u.Doubtful, k.doubtful...)
	k.event.Concepts, k.event.Words = u.Concepts(), u.Text
	k.answer.Timings.Understand = Milliseconds(stage)
	if _, ok := ParseLang(string(u.Lang)); !ok {
		if !u.Emergency && u.Reason != Despair {
			return &Error{Code: UnknownLang, Hint: "use one of " + langList()}
		}
		u.Lang = lastResort // words that somebody near may know are better than none
	}
	u, answered, err := k.followUp(ctx, u)
	if err != nil || answered {
		return err
	}
	if p, two := u.pair(k.Lexicon); two && !k.half {
		if answered, err := k.answerPair(ctx, u, p); err != nil || answered {
			return err
		}
	}
	return k.search(ctx, u)
}

// search takes a question that stands alone to its answer.
func (k *ask) search(ctx context.Context, u Understanding) error {
	if a, ok := unsearched(u); ok {
		k.settle(u, a, nil)
		return nil
	}
	if u.Emergency { // rat poison is no matter of rats, nor a weed killer of the crop
		u.Crops, u.Animals = nil, nil
	}
	stage := time.Now()
	found, err := k.Retriever.Retrieve(ctx, u.Query())
	if err != nil && !u.Emergency { // whoever is in danger is told the way, whatever fails here
		return fmt.Errorf("retrieve: %w", err)
	}
	k.answer.Timings.Retrieve = Milliseconds(stage)
	stage = time.Now()
	v := Weigh(u, found, k.Place, k.Lexicon)
	k.answer.Timings.Evidence = Milliseconds(stage)
	switch {
	case v.Outcome == Answered && inDoubt(u, v.Best.Document, k.Lexicon):
		k.settle(u, readBack(u, v.Best.Document), nil)
	case v.Outcome == Answered:
		return k.write(ctx, u, v.Best)
	case u.Emergency:
		k.settle(u, message(u, Unsure, Poisoned), nil)
	default:
		return k.unanswered(ctx, u, v)
	}
	return nil
}

// unsearched gives the answer to what needs no search, or none may answer.
func unsearched(u Understanding) (Answer, bool) {
	switch {
	case u.Reason == NoEvidence: // what changes by the day, as prices and weather do, and what only an office grants
		return message(u, Unsure, NoEvidence), true
	case u.Reason != NoReason:
		return message(u, Refused, u.Reason), true
	case u.TooLittle:
		return message(u, Unsure, TooLittle), true
	case u.AnimalOnly:
		return message(u, Unsure, CallVet), true
	}
	return Answer{}, false
}

// speak says what of the answer was not said while it was written.
func (k *ask) speak(ctx context.Context) error {
	for _, s := range k.answer.Speech[k.heard:] {
		if err := k.say(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// say renders one part of the answer where that was asked for and there is a voice, and lets the asker hear it. A language
// without a voice is no failure.
func (k *ask) say(ctx context.Context, s Speech) error {
	var sounds []Sound
	if k.q.Speak && k.Speaker != nil {
		stage := time.Now()
		var err error
		sounds, err = k.Speaker.Speak(ctx, s)
		if e := (*Error)(nil); err != nil && (!errors.As(err, &e) || e.Code != NoVoice) {
			return fmt.Errorf("speak: %w", err)
		}
		k.answer.Sounds = append(k.answer.Sounds, sounds...)
		k.answer.Timings.Speak += Milliseconds(stage)
	}
	if k.heard++; k.q.Hear != nil {
		k.q.Hear(s, sounds)
	}
	return nil
}

// record writes the question's event. Words go along only with consent.
func (k *ask) record(ctx context.Context) error {
	if k.Recorder == nil {
		return nil
	}
	e := k.event
	e.Kind, e.Answer, e.Session = KindQuestion, k.answer.ID, k.q.Session
	e.Lang, e.Outcome, e.Tier, e.Reason = k.answer.Lang, k.answer.Outcome, k.answer.Tier, k.answer.Reason
	for _, c := range k.answer.Citations {
		if !slices.Contains(e.Documents, c.Document) {
			e.Documents = append(e.Documents, c.Document)
		}
	}
	e.Packs, e.Timings, e.Gender = k.Packs, &k.answer.Timings, k.q.Gender
	if e.Consent = &k.q.Consent; !k.q.Consent.Words {
		e.Words = ""
	}
	return k.Recorder.Record(ctx, e)
}

// NewID gives an id for an answer: 80 random bits as 16 lower-case letters and digits.
func NewID() string {
	b := make([]byte, 10)
	rand.Read(b) // never fails: crypto/rand ends the program rather than return an error
	return strings.ToLower(base32.StdEncoding.EncodeToString(b))
}

func langList() string {
	var out []string
	for _, l := range MessageLangs() {
		out = append(out, string(l))
	}
	return strings.Join(out, ", ")
}
