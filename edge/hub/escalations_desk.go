package hub

import (
	"bytes"
	"context"

	"jembe/advisory"
)

// Escalations is what the office's pages need of those who asked for a person: opened for whoever may read it, never kept
// in the open. Ids are opaque. One that is not there is NotFound.
type Escalations interface {
	// Escalations gives those that wait, the longest waiting first, or those that were answered, the newest first. None is opened:
	// without words, concepts and replies.
	Escalations(ctx context.Context, of Waiting, page, size int) ([]Escalation, error)
	// Escalation opens one.
	Escalation(ctx context.Context, id string) (Escalation, error)
	// Voice gives what the farmer said; reply counts from 1 and gives the voice of that reply instead. NotFound without one.
	Voice(ctx context.Context, id string, reply int) (Recording, error)
	// Reply keeps a reply for the box of the escalation, which is answered with it. A reply has text, voice or both.
	Reply(ctx context.Context, id string, r EscalationReply, voice Recording) error
	// Close marks an escalation as answered in another way, such as by a visit.
	Close(ctx context.Context, id, by string) error
}

// Waiting chooses among escalations.
type Waiting struct {
	Answered bool
	Village  string        // "": every village
	Lang     advisory.Lang // "": every language
}

// Escalation is a farmer's question for a person.
type Escalation struct {
	ID         string
	Code       string // of three digits, by which the farmer hears the reply
	Picture    int    // beside the code, from 1
	Village    string
	Lang       advisory.Lang
	AskedMS    int64  // Unix time; 0: the box had no clock
	Words      string // what was asked; "" when the farmer only gave their voice
	HasVoice   bool
	Concepts   []string
	Replies    []EscalationReply
	AnsweredMS int64 // Unix time; 0: waits
	Erased     bool  // what was said is no longer there: the farmer has taken it back, or
	Expired    bool  // its days were over
}

// EscalationReply is what a person of the office replied.
type EscalationReply struct {
	By       string // user
	AtMS     int64  // Unix time
	Text     string
	HasVoice bool
	HeardMS  int64 // Unix time when the box told that it was heard; 0: not yet
}

// Recording is sound as it was recorded: a WAV file, or a WebM or Ogg file with Opus, which browsers can play.
type Recording []byte

// Kind is the media type, "" when it is none of the three.
func (r Recording) Kind() string {
	switch {
	case len(r) > 12 && bytes.Equal(r[:4], []byte("RIFF")) && bytes.Equal(r[8:12], []byte("WAVE")):
		return "audio/wav"
	case len(r) > 4 && bytes.Equal(r[:4], []byte{0x1a, 0x45, 0xdf, 0xa3}):
		return "audio/webm"
	case bytes.HasPrefix(r, []byte("OggS")):
		return "audio/ogg"
	}
	return ""
}
