package advisory

import "slices"

// SmallCount is the least count of questions that is told outside the house: below it, one person might be found out.
const SmallCount = 10

// Kind is the kind of an event.
type Kind string

// The kinds of events.
const (
	KindQuestion   Kind = "question"
	KindRating     Kind = "rating"
	KindConsent    Kind = "consent"
	KindEscalation Kind = "escalation"
	KindFollowup   Kind = "followup"
	KindHealth     Kind = "health"
	KindReplyHeard Kind = "reply_heard" // a person's reply to an escalation was heard at the box
	KindWord       Kind = "word"        // a local word was tied to its concept, or is no longer
)

// Event is what happened, without the words. The Recorder adds its place in the chain (device, epoch, seq) and its times.
//
// Every field carries its privacy class (use: what was used; person: said by a person about themselves), the purpose for
// which it is kept and for how many days; a test fails for a field that has none.
type Event struct {
	Kind      Kind     `json:"kind" class:"use" purpose:"tells events apart" keep:"730"`
	Answer    string   `json:"answer,omitempty" class:"use" purpose:"joins a rating to its answer" keep:"730"`
	Session   string   `json:"session,omitempty" class:"use" purpose:"counts sessions, not persons" keep:"730"`
	Lang      Lang     `json:"lang,omitempty" class:"use" purpose:"fairness between languages" keep:"730"`
	Channel   Channel  `json:"channel,omitempty" class:"use" purpose:"what the box is asked by" keep:"730"`
	Outcome   Outcome  `json:"outcome,omitempty" class:"use" purpose:"quality and gaps" keep:"730"`
	Tier      Tier     `json:"tier,omitempty" class:"use" purpose:"quality" keep:"730"`
	Reason    Reason   `json:"reason,omitempty" class:"use" purpose:"gaps" keep:"730"`
	Concepts  []string `json:"concepts,omitempty" class:"use" purpose:"gaps: crops and problems asked about" keep:"730"`
	Documents []string `json:"documents,omitempty" class:"use" purpose:"which content is used" keep:"730"`
	Packs     []string `json:"packs,omitempty" class:"use" purpose:"which content version answered" keep:"730"`
	Fell      []string `json:"fell,omitempty" class:"use" purpose:"guard rules at which a draft fell, and why a model gave none" keep:"730"`
	Timings   *Timings `json:"timings_ms,omitempty" class:"use" purpose:"speed on old hardware" keep:"730"`
	Gender    Gender   `json:"gender,omitempty" class:"person" purpose:"fairness between women and men" keep:"730"`
	Rating    Rating   `json:"rating,omitempty" class:"use" purpose:"quality" keep:"730"`
	Health    *Health  `json:"health,omitempty" class:"use" purpose:"boxes that need looking after" keep:"730"`
	Consent   *Consent `json:"consent,omitempty" class:"use" purpose:"proof of consent" keep:"730"`

	Word *WordChange `json:"word,omitempty" class:"use" purpose:"names that a village has for crops and problems, for the office to approve" keep:"730"`

	Words string `json:"-" class:"words" purpose:"gaps in the content; detached, kept only with consent" keep:"180"`
}

// nothingAsked are the reasons for which a box was unsure, and no content would have helped.
var nothingAsked = []Reason{Silence, NotHeard, TooLittle}

// Gap reports whether a question found no answer, where content would have helped.
func (e Event) Gap() bool {
	return e.Kind == KindQuestion && e.Outcome == Unsure && !slices.Contains(nothingAsked, e.Reason)
}

// Health is how a box is, once a day; its packs stand in the event beside it.
type Health struct {
	Version string `json:"version"`           // of the program
	FreeMB  int64  `json:"free_mb"`           // on the disk of the data
	Trouble Code   `json:"trouble,omitempty"` // what kept the last contact with the office from success
}

// Channel is the way a question came.
type Channel string

// The channels.
const (
	ByText   Channel = "text"
	ByVoice  Channel = "voice"
	ByChoice Channel = "choice"
)

// Rating is what the farmer thought of an answer.
type Rating string

// The ratings.
const (
	ThumbUp   Rating = "up"
	ThumbDown Rating = "down"
)
