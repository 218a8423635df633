// Package advisory is the product in words: a question, what may answer it, the answer, and the record of it.
//
// It owns the contracts that the other rooms fulfil (Transcriber, Retriever, Generator, Speaker, Recorder),
// the Advisor that ties them into the path of one question, and the judgements on that path as pure functions:
// understanding, evidence and the guard. It never opens a file, a socket or a device, and imports no other room.
package advisory

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Lang is a language as a BCP 47 primary subtag in lower case: "en", "hi", "sw", "fr". The empty Lang is "not known".
type Lang string

// Outcome says what became of a question.
type Outcome string

// The four outcomes. An unsure box never guesses: a farm question that no document answers is Unsure.
const (
	Answered Outcome = "answered" // an answer that stands on a source
	Clarify  Outcome = "clarify"  // a question back, with choices
	Refused  Outcome = "refused"  // outside farming, or it would hurt
	Unsure   Outcome = "unsure"   // no source answers it; a person is offered
)

// Tier says where the words of an answer come from. It is empty unless the outcome is Answered.
type Tier string

// The tiers, in the order in which they are tried.
const (
	Prepared  Tier = "prepared"  // a document's own short answer, as it stands
	Generated Tier = "generated" // written by a local model from the passages
	Quoted    Tier = "quoted"    // the best sentences of the passages, as they stand
)

// Reason is a machine-readable cause of an outcome other than Answered; it goes into the record and chooses the message.
type Reason string

// The reasons.
const (
	NoReason     Reason = ""
	NoEvidence   Reason = "no_evidence"   // unsure: no document answers it
	Unapproved   Reason = "unapproved"    // unsure: the office has yet to approve what is known on pesticides or animal medicines
	Elsewhere    Reason = "elsewhere"     // unsure: what answers it does not hold for this place
	Silence      Reason = "silence"       // unsure: nothing was said
	NotHeard     Reason = "not_heard"     // unsure: speech, but no farm question in it
	TooLittle    Reason = "too_little"    // unsure: a greeting, or a crop's bare name
	CallVet      Reason = "call_vet"      // unsure: an animal in danger, on which there is nothing
	Poisoned     Reason = "poisoned"      // unsure: a person in danger, on which there is nothing: the way to the clinic
	WhichCrop    Reason = "which_crop"    // clarify: the crop or animal is unknown and it matters
	WhichProblem Reason = "which_problem" // clarify: look-alikes stand close
	Confirm      Reason = "confirm"       // clarify: a word that matters is in doubt; the choices are yes and No
	Misheard     Reason = "misheard"      // unsure: the farmer said No to what was read back
	OffTopic     Reason = "off_topic"     // refused: not farming
	Harm         Reason = "harm"          // refused: would hurt people or animals
	Medicine     Reason = "medicine"      // refused: human medicine other than first aid
	OthersData   Reason = "others_data"   // refused: other people's data
	Machine      Reason = "machine"       // refused: orders to the machine
	Despair      Reason = "despair"       // refused in name only: caring words and a person
)

// Question is what one person asks, once. Exactly one of Text, Choice and Audio is set.
type Question struct {
	Text    string  // as typed
	Choice  string  // the Value of a Choice offered by an earlier answer, or the number of an advice in the menu
	Audio   []byte  // as received: a WAV or WebM/Opus file
	Lang    Lang    // the language chosen by the caller; empty: found from script and words
	Session string  // one person at the box; opaque, made by the caller, at most 64 bytes
	Before  Turn    // Answer.Turn of the session's question before, which this one may follow up; empty: none
	Consent Consent // what the farmer allows to be kept; the answer is given either way
	Gender  Gender  // optional, skippable
	Speak   bool    // render the sound before returning
	ID      string  // of the answer, from NewID, for who must know it while the answer is still written; empty: made by Ask

	// Hear, where it is set, gets the answer part by part, in order and as soon as each may be said, with its sound where Speak
	// is set: together they are Answer.Spoken. It must not wait for the sound to be played. It is called by one goroutine at a time.
	Hear func(Speech, []Sound)
}

// Consent is what the farmer allows; the zero value, nothing, is the default.
type Consent struct {
	Words bool `json:"words"` // keep my words
	Voice bool `json:"voice"` // send my voice
}

// Gender is what a person chose to say of themselves, so that the office can see whether the box serves women and men alike.
type Gender string

// The values of Gender; empty is "not said".
const (
	Woman Gender = "woman"
	Man   Gender = "man"
)

// Answer is what the box says back.
type Answer struct {
	ID        string     `json:"id"` // random, unique on every box
	Outcome   Outcome    `json:"outcome"`
	Tier      Tier       `json:"tier"`
	Reason    Reason     `json:"reason"`
	Reviewed  bool       `json:"reviewed"` // the office has reviewed every cited document
	Lang      Lang       `json:"lang"`     // of the answer
	Heard     string     `json:"heard"`    // what the recogniser understood; "" for text
	Text      string     `json:"text"`     // the advice, or the message when there is none
	Spoken    string     `json:"spoken"`   // all that is said, the opening and the source included
	Citations []Citation `json:"citations"`
	Choices   []Choice   `json:"choices"`  // for Clarify
	Contacts  []Contact  `json:"contacts"` // whom to call, the first first; Spoken names them
	Timings   Timings    `json:"timings_ms"`
	Turn      Turn       `json:"-"` // for the session's next question, see Question.Before
	Speech    []Speech   `json:"-"` // Spoken, parted by language: a foreign answer is announced in the asker's; with Question.Hear as it was heard
	Simple    []Speech   `json:"-"` // what is said instead to whoever finds a prepared answer hard; none where nobody has written it
	Sounds    []Sound    `json:"-"` // Speech rendered, when Question.Speak was set and there is a voice
}

// Citation names a passage on which an answer stands.
type Citation struct {
	Document string  `json:"document"` // document id, without a language
	Lang     Lang    `json:"lang"`     // of the cited text
	Title    string  `json:"title"`
	Section  string  `json:"section"` // heading of the passage; "" for the document's short answer
	Source   string  `json:"source"`  // who says so: name and year of the document's first source
	Score    float64 `json:"score"`   // confidence that the document answers the question, 0 to 1
}

// Choice is one way to go on from a Clarify answer. Value is a document id, so a choice needs no memory of the question.
type Choice struct {
	Value string `json:"value"`
	Label string `json:"label"` // in the language of the answer
}

// No is the Value of the second of two choices, yes and no; that of yes is the document that then answers.
const No = "no"

// Timings are the milliseconds spent in each stage; a stage that did not run is 0.
type Timings struct {
	Decode     float64 `json:"decode"`
	Hear       float64 `json:"hear"`
	Understand float64 `json:"understand"`
	Retrieve   float64 `json:"retrieve"`
	Evidence   float64 `json:"evidence"`
	Write      float64 `json:"write"`
	Guard      float64 `json:"guard"`
	Speak      float64 `json:"speak"`
	Total      float64 `json:"total"`
}

// Place is where the box stands. Empty fields are "not set": then every document holds.
type Place struct {
	Country string // ISO 3166-1 alpha-2, upper case: "KE"
	Zone    string // agro-ecological zone, lower case: "semi-arid"
}

// Zones are the agro-ecological zones that documents and boxes may name.
func Zones() []string { return []string{"humid", "subhumid", "semi-arid", "arid", "highland"} }

// Validate refuses a place that no document can name: advice would silently go missing.
func (p Place) Validate() error {
	if p.Country != "" && !IsCountry(p.Country) {
		return fmt.Errorf("country %q: give the ISO 3166 code of two letters, such as KE", p.Country)
	}
	if p.Zone != "" && !slices.Contains(Zones(), p.Zone) {
		return fmt.Errorf("zone %q: give one of %s", p.Zone, strings.Join(Zones(), ", "))
	}
	return nil
}

// Setting is what the office, or who looks after the box, has told it of where it stands and whom to call.
type Setting struct {
	Place    Place
	Contacts Contacts // may be empty
}

// Milliseconds since start, for Timings.
func Milliseconds(start time.Time) float64 {
	return float64(time.Since(start).Microseconds()) / 1000
}
