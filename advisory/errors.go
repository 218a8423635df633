package advisory

import "fmt"

// Code names a kind of failure for programs; the text for people is the message "error_" + code of the language.
type Code string

// The codes.
const (
	BadRequest    Code = "bad_request"    // the call itself is wrong
	EmptyQuestion Code = "empty_question" // nothing was asked
	TextTooLong   Code = "text_too_long"  // more than MaxQuestion characters
	BadAudio      Code = "bad_audio"      // bytes that are no recording we can read
	TooLarge      Code = "too_large"      // more bytes than a question can have
	UnknownLang   Code = "unknown_language"
	NoRecogniser  Code = "no_recogniser" // this language cannot be heard on this box
	NoVoice       Code = "no_voice"      // this language cannot be spoken on this box
	BadWord       Code = "bad_word"      // a name that cannot be a local word; the cause is a *WordError
	NotFound      Code = "not_found"
	WrongCode     Code = "wrong_code"     // no reply waits under this code and picture
	TooManyTries  Code = "too_many_tries" // of codes: wait
	NoCode        Code = "no_code"        // all codes are taken
	CorruptPack   Code = "corrupt_pack"
	DiskFull      Code = "disk_full"
	PortTaken     Code = "port_taken"
	Busy          Code = "busy"
	Forbidden     Code = "forbidden"   // who asks may not do this: a signature or code that does not hold, a box that was taken out of service
	Unreachable   Code = "unreachable" // the office's hub does not answer
	Internal      Code = "internal"
)

// Error carries a code for programs and a hint for the operator; what the farmer is told comes from the messages.
type Error struct {
	Code Code
	Hint string // what the operator can do about it; may be empty
	Err  error  // cause; may be nil
}

func (e *Error) Error() string {
	s := string(e.Code)
	if e.Err != nil {
		s = fmt.Sprintf("%s: %v", s, e.Err)
	}
	if e.Hint != "" && (e.Err == nil || e.Err.Error() != e.Hint) {
		s += " (" + e.Hint + ")"
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Setback is why a Generator gave no draft, in one word for the record.
type Setback string

// The setbacks.
const (
	Away    Setback = "away"    // nothing answers, or it broke off
	Missing Setback = "missing" // the model is not installed
	Slow    Setback = "slow"    // it was loading, or took longer than a farmer waits
	Full    Setback = "busy"    // others wait already
	Broken  Setback = "broken"  // what it wrote has not the form that was asked for
	Endless Setback = "endless" // it did not come to an end
	Failed  Setback = "failed"  // anything else
)

// DraftError tells the record which tier gave no draft, and why; nobody goes without an answer for it.
type DraftError struct {
	Tier    Tier
	Setback Setback
	Err     error
}

func (e *DraftError) Error() string { return fmt.Sprintf("%s %s: %v", e.Tier, e.Setback, e.Err) }

// Unwrap gives the cause.
func (e *DraftError) Unwrap() error { return e.Err }
