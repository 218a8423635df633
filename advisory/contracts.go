package advisory

import (
	"context"
	"time"
)

// Transcriber hears: it turns a recording into words.
type Transcriber interface {
	// Transcribe decodes audio as received (WAV of any rate, WebM/Opus; any bytes are safe) and recognises the words.
	// Silence is no error: Transcript.Silent is set. Errors are *Error: BadAudio for bytes that are no audio,
	// NoRecogniser when the language cannot be heard. An empty lang means the recogniser's own default language.
	Transcribe(ctx context.Context, audio []byte, lang Lang) (Transcript, error)
}

// Transcript is what was heard.
type Transcript struct {
	Text       string
	Lang       Lang
	Silent     bool          // no speech in the recording
	Farm       bool          // it sounds like a question this library could be asked
	Confidence float64       // 0 to 1, of the whole
	Doubtful   []string      // words of Text that may have been another; nil where the recogniser cannot tell
	Decode     time.Duration // time taken to decode and resample
	Hear       time.Duration // time taken to recognise
}

// Retriever finds documents that may answer.
type Retriever interface {
	// Retrieve returns at most q.Limit documents, best first, each document once in the language best for the asker.
	// No match is no error. It must be safe for concurrent use, and never wait for a pack that is being installed.
	Retrieve(ctx context.Context, q Query) ([]Match, error)
}

// Query is a question made ready for search.
type Query struct {
	Text     string
	Lang     Lang     // of the text
	Answer   Lang     // in which a document is wanted where it exists in it; empty: Lang
	Concepts []string // lexicon ids named in the text, in order of appearance
	Document string   // only the document with this id, when not empty
	Limit    int      // most documents wanted, at least 1
}

// Match is one document that may answer, with the signals on which evidence is judged. All signals are 0 to 1 and
// absolute: they mean the same for every question and library size.
type Match struct {
	Document *Document
	Passages []Passage // of that document, best first, at most 4
	Score    float64   // for ordering: fused words and vectors
	Words    float64   // share of the question's weight (idf) that BM25 finds in the document, saturating
	Coverage float64   // share of the question's weight whose words occur in the document at all
	Question float64   // likeness to the nearest of the document's own questions or its title
	Vector   float64   // cosine of the embeddings, not below 0
	Concepts float64   // share of the question's concepts (weighted by rarity) that the document is about; 0 if it named none
	About    []string  // lexicon ids of what the document is about: its own crops, animals and topics, and what its title, questions and short answer name
	Foreign  bool      // found through another language than the question's
}

// Generator writes an answer from passages.
type Generator interface {
	// Generate drafts an answer to the question from the passages only. A draft of no sentences means it has nothing to say. An
	// error costs nobody the answer, the next generator is asked; a *DraftError tells the record why.
	Generate(ctx context.Context, r DraftRequest) (Draft, error)
}

// DraftRequest is what a Generator may use.
type DraftRequest struct {
	Question string
	Lang     Lang // in which the answer is wanted
	Passages []Passage

	// Each, where it is set, wants the sentences of a model's draft one by one, while the model still writes. A Generator gives
	// it all its sentences or none, one at a time and before Generate returns; an error ends the writing, and Generate returns
	// that error.
	Each func(Sentence) error
}

// Draft is an answer that has not passed the guard.
type Draft struct {
	Tier      Tier
	Sentences []Sentence
}

// Sentence is one statement of a draft with the passages (indexes into DraftRequest.Passages) it rests on.
type Sentence struct {
	Text     string
	Passages []int
}

// Speaker speaks: it turns words into sound.
type Speaker interface {
	// Speak renders text as pieces of at most 45 s, in order. An error is *Error with NoVoice when the language has none.
	Speak(ctx context.Context, s Speech) ([]Sound, error)
}

// Speech is a text to be spoken.
type Speech struct {
	Text string
	Lang Lang
	Slow bool // at about three quarters of the usual pace

	// Label is a name or number in a row of them, as a menu has: said briskly, with hardly a pause before the next.
	Label bool
}

// Sound is one piece of rendered speech: a complete WAV file, mono, 16 bit.
type Sound struct {
	WAV      []byte
	Duration time.Duration
}

// Recorder keeps events.
type Recorder interface {
	// Record commits the event to stable storage before it returns nil.
	Record(ctx context.Context, e Event) error
}
