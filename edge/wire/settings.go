package wire

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"jembe/advisory"
)

// Settings are what an office sets for a box. What is empty it leaves to whoever looks after the box.
type Settings struct {
	Country  string            `json:"country,omitempty"` // as of advisory.Place
	Zone     string            `json:"zone,omitempty"`
	Contacts advisory.Contacts `json:"contacts,omitempty"`

	Bulletins    []Bulletin           `json:"bulletins,omitempty"`     // that the office says now or soon; each is looked at by itself before it is said
	RefusedWords []advisory.LocalWord `json:"refused_words,omitempty"` // of the box's own, which it is to use no longer
}

// Setting gives them as answering needs them.
func (s Settings) Setting() advisory.Setting {
	return advisory.Setting{Place: advisory.Place{Country: s.Country, Zone: s.Zone}, Contacts: s.Contacts}
}

// Validate refuses what no document could name or nobody could call; the error says what to write instead.
func (s Settings) Validate() error {
	err := s.Setting().Place.Validate()
	seen := map[advisory.ContactKind]bool{}
	for _, c := range s.Contacts {
		if err == nil {
			err = c.Validate()
		}
		if err == nil && seen[c.Kind] {
			return &advisory.Error{Code: advisory.BadRequest, Hint: "give one contact of the kind " + string(c.Kind)}
		}
		seen[c.Kind] = true
	}
	if err != nil {
		return &advisory.Error{Code: advisory.BadRequest, Err: err, Hint: "see jembe-hub settings --help"}
	}
	return nil
}

// Mark stands for the settings, so that they are sent only when a box has others: 16 hexadecimal digits of their hash; "" for none.
func (s Settings) Mark() string {
	raw, err := json.Marshal(s)
	if err != nil {
		panic(err) // strings always encode
	}
	if string(raw) == "{}" {
		return ""
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:8])
}

// Or gives these settings, and those of other where these say nothing.
func (s Settings) Or(other Settings) Settings {
	if s.Country == "" {
		s.Country = other.Country
	}
	if s.Zone == "" {
		s.Zone = other.Zone
	}
	var contacts advisory.Contacts
	for _, kind := range advisory.ContactKinds() {
		c, ok := s.Contacts.Of(kind)
		if !ok {
			c, ok = other.Contacts.Of(kind)
		}
		if ok {
			contacts = append(contacts, c)
		}
	}
	s.Contacts = contacts
	if len(s.Bulletins) == 0 {
		s.Bulletins = other.Bulletins
	}
	if s.RefusedWords == nil {
		s.RefusedWords = other.RefusedWords
	}
	return s
}

// Announcement names the content.json in force, so that a box fetches it only when it is another than the box has.
type Announcement struct {
	Version int64  `json:"version"`
	SHA256  string `json:"sha256"` // in hexadecimal
}

// Where the hub serves the content channel: content.json and the other signed files, and archives by their SHA-256.
const (
	PathSigned   = "/v1/line/"
	PathArchives = "/v1/line/content/"
)
