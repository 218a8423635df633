package wire

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"

	"filippo.io/age"

	"jembe/advisory"
)

// PathParts is where the hub takes the parts of sealed files; PathVoices where it serves the voices of replies, each by its SHA-256.
const (
	PathParts  = "/v1/line/files"
	PathVoices = "/v1/line/voices/"
)

// Bounds of escalations and replies.
const (
	MaxPart        = 32 << 10 // bytes of a sealed file in one request: what a connection that breaks off costs
	MaxAsked       = 4 << 20  // bytes of a farmer's voice: a minute as it is usually recorded is half of that
	MaxSealedAsked = MaxAsked + 64<<10
	MaxReplyText   = 2000    // characters
	MaxReplyVoice  = 8 << 20 // bytes
	MaxReplies     = 16      // in one reply of the hub; the next contact brings others
	MaxListed      = 64      // escalations, or replies, that a request speaks of
	PictureCount   = 9       // pictures beside a code, counted from 1: one for each key of a number pad
)

// Escalation is what may be known of a farmer's question for a person without opening it.
type Escalation struct {
	ID      string        `json:"id"`     // random, 16 letters and digits
	Answer  string        `json:"answer"` // after which a person was asked for
	Code    string        `json:"code"`   // three digits, by which the farmer hears the reply; random
	Picture int           `json:"picture"`
	Lang    advisory.Lang `json:"lang"`
	AskedMS int64         `json:"asked_ms"` // Unix time; 0: the box had no clock
	Voice   bool          `json:"voice"`    // the farmer's voice is in it
}

var (
	idPattern   = regexp.MustCompile(`^[a-z2-7]{16}$`)
	codePattern = regexp.MustCompile(`^[0-9]{3}$`)
	langPattern = regexp.MustCompile(`^[a-z]{0,3}$`)
)

// errNoEscalation is for one that no box of ours has written.
var errNoEscalation = errors.New("the escalation is broken")

// Validate refuses an escalation that no box of ours writes: all of it is shown on pages, and goes into tables.
func (e Escalation) Validate() error {
	if !idPattern.MatchString(e.ID) || !codePattern.MatchString(e.Code) || e.Picture < 1 || e.Picture > PictureCount ||
		!langPattern.MatchString(string(e.Lang)) || e.AskedMS < 0 || !idPattern.MatchString(e.Answer) {
		return errNoEscalation
	}
	return nil
}

// Asked is what a farmer lets go to a person of the office: it is only ever written sealed.
type Asked struct {
	Words    string   `json:"words"` // redacted; "" without consent
	Concepts []string `json:"concepts,omitempty"`
	Voice    []byte   `json:"-"` // as it was recorded; none without consent
}

// SealAsked gives the bytes that only the recipient (age), the hub, can open.
func SealAsked(a Asked, recipient string) ([]byte, error) {
	if len(a.Voice) > MaxAsked {
		return nil, fmt.Errorf("a voice of more than %d bytes", MaxAsked)
	}
	return seal(a, a.Voice, recipient)
}

// OpenAsked opens what SealAsked has made.
func OpenAsked(sealed []byte, id age.Identity) (a Asked, err error) {
	if len(sealed) > MaxSealedAsked {
		return a, fmt.Errorf("a sealed file of more than %d bytes", MaxSealedAsked)
	}
	a.Voice, err = open(sealed, id, &a)
	return a, err
}

// seal encrypts a line of JSON and the bytes behind it.
func seal(head any, body []byte, recipient string) ([]byte, error) {
	to, err := age.ParseX25519Recipient(recipient)
	if err != nil {
		return nil, err
	}
	line, err := json.Marshal(head)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to)
	if err != nil {
		return nil, err
	}
	for _, part := range [][]byte{line, []byte("\n"), body} {
		if _, err := w.Write(part); err != nil {
			return nil, err
		}
	}
	err = w.Close()
	return out.Bytes(), err
}

// open reads what seal has written: the line into head, and gives the bytes behind it.
func open(sealed []byte, id age.Identity, head any) (body []byte, err error) {
	r, err := age.Decrypt(bytes.NewReader(sealed), id)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return cutLine(data, head, errors.New("the sealed file is broken"))
}

// cutLine reads the first line, JSON, into head and gives what follows.
func cutLine(data []byte, head any, broken error) (rest []byte, err error) {
	line, rest, ok := bytes.Cut(data, []byte("\n"))
	if err := json.Unmarshal(line, head); err != nil || !ok {
		return nil, errors.Join(broken, err)
	}
	return rest, nil
}

// Part is a piece of a sealed escalation on its way to the hub: the body of a request to PathParts, one line of JSON and the bytes.
// Everything in it is signed with it, so a part says nothing in another place.
type Part struct {
	Hub    string `json:"hub"` // KeyID of the hub it is meant for
	Device string `json:"device"`
	Escalation
	SHA256 string `json:"sha256"` // of the whole sealed file, in hexadecimal
	Size   int64  `json:"size"`   // of the whole
	Offset int64  `json:"offset"`
	Data   []byte `json:"-"` // at most MaxPart bytes
}

// Taken is the hub's reply to a Part.
type Taken struct {
	Have int64 `json:"have"` // bytes from the beginning that the hub has committed; the whole size: it needs no more
}

// EncodePart gives the bytes of a part.
func EncodePart(p Part) ([]byte, error) {
	head, err := json.Marshal(p)
	return append(append(head, '\n'), p.Data...), err
}

// DecodePart reads the bytes of a part, and refuses one that no box of ours writes.
func DecodePart(body []byte) (p Part, err error) {
	if p.Data, err = cutLine(body, &p, errNoEscalation); err != nil {
		return p, err
	}
	sum, err := hex.DecodeString(p.SHA256)
	if err != nil || len(sum) != sha256.Size || hex.EncodeToString(sum) != p.SHA256 || p.Size < 1 || p.Size > MaxSealedAsked ||
		len(p.Data) > MaxPart || p.Offset < 0 || p.Offset > p.Size || int64(len(p.Data)) > p.Size-p.Offset {
		return p, errors.Join(errNoEscalation, err)
	}
	return p, p.Validate()
}

// PersonReply is a person's reply to an Escalation. It comes with all that a box needs to give it to the farmer, should its own record of
// the escalation be gone.
type PersonReply struct {
	ID         string     `json:"id"` // random, 16 letters and digits
	Escalation Escalation `json:"escalation"`
	Text       string     `json:"text,omitempty"`
	Voice      string     `json:"voice,omitempty"` // SHA-256 of the recording, in hexadecimal; "": none
	VoiceSize  int64      `json:"voice_size,omitempty"`
}

// Validate refuses a reply that no hub of ours sends.
func (r PersonReply) Validate() error {
	sum, err := hex.DecodeString(r.Voice)
	switch {
	case err != nil, r.Voice != "" && len(sum) != sha256.Size, !idPattern.MatchString(r.ID), r.Text == "" && r.Voice == "",
		r.VoiceSize < 0, r.VoiceSize > MaxReplyVoice, (r.Voice == "") != (r.VoiceSize == 0), len(r.Text) > 4*MaxReplyText:
		return errors.New("the reply to a farmer is broken")
	}
	return r.Escalation.Validate()
}
