package wire

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"jembe/advisory"
)

// BulletinKind is what a bulletin is about.
type BulletinKind string

// The kinds of bulletins.
const (
	Weather  BulletinKind = "weather"
	Prices   BulletinKind = "prices"
	Campaign BulletinKind = "campaign" // such as a vaccination
)

// BulletinKinds lists the kinds in the order in which they are told.
func BulletinKinds() []BulletinKind { return []BulletinKind{Weather, Prices, Campaign} }

// Bulletin is something that the office says to farmers for a while. It is never said after its time.
type Bulletin struct {
	ID    string                   `json:"id"` // RandomID(5)
	Kind  BulletinKind             `json:"kind"`
	Where []string                 `json:"where,omitempty"` // countries and zones, as of advisory.Document.Zones; none: everywhere
	From  int64                    `json:"from_ms"`         // by the hub's clock, Unix ms: the first moment
	Until int64                    `json:"until_ms"`        // and the first at which it is no longer said
	Texts map[advisory.Lang]string `json:"texts"`           // what passes advisory.GuardNotice
}

// Bounds of bulletins.
const (
	MaxBulletins = 700 // bytes of all bulletins of a box, compressed as they travel: a contact that brings them stays within 5 KB
	LongestHeld  = 92 * 24 * time.Hour
)

var (
	bulletinID   = regexp.MustCompile(`^[a-z2-7]{8}$`)
	bulletinLang = regexp.MustCompile(`^[a-z]{2,3}$`)
)

// Validate refuses what may not be said to a farmer; the error says what to write instead.
func (b Bulletin) Validate() error {
	switch {
	case !bulletinID.MatchString(b.ID):
		return badBulletin("its id is 8 letters, made by the hub")
	case !slices.Contains(BulletinKinds(), b.Kind):
		return badBulletin("its kind is weather, prices or campaign")
	case b.From <= 0 || b.Until <= b.From:
		return badBulletin("its last day comes before its first")
	case b.Until-b.From > LongestHeld.Milliseconds():
		return badBulletin(fmt.Sprintf("it holds for at most %d days: what stays true longer belongs into a document", LongestHeld/(24*time.Hour)))
	case len(b.Texts) == 0:
		return badBulletin("write its text in at least one language")
	}
	for _, w := range b.Where {
		if !advisory.IsCountry(w) && !slices.Contains(advisory.Zones(), w) {
			return badBulletin(fmt.Sprintf("%q is no place: give countries such as KE, and zones: %s", w, strings.Join(advisory.Zones(), ", ")))
		}
	}
	for _, lang := range slices.Sorted(maps.Keys(b.Texts)) {
		if !bulletinLang.MatchString(string(lang)) {
			return badBulletin(fmt.Sprintf("%q is no language", lang))
		}
		if rules := advisory.GuardNotice(b.Texts[lang], lang); len(rules) > 0 {
			return badBulletin(fmt.Sprintf("the text in %s: %s", lang, noticeHints[rules[0]]))
		}
	}
	return nil
}

// noticeHints tell what to do about a text that the guard stops.
var noticeHints = map[advisory.Rule]string{
	advisory.RuleChemical: "it names a pesticide, medicine or other chemical, which needs a document with its source: leave the name out, and publish a document",
	advisory.RuleMarkup:   "it has an address, markup or signs that cannot be read aloud: write plain sentences on one line",
	advisory.RuleDevice:   "it reads like an order to a device: write to the farmer",
	advisory.RuleLanguage: "it is in another script than the language's",
	advisory.RuleLength:   fmt.Sprintf("write 1 to %d letters", advisory.MaxNotice),
}

func badBulletin(hint string) error {
	return &advisory.Error{Code: advisory.BadRequest, Hint: "the bulletin cannot be sent: " + hint}
}

// InForce reports whether it may be said at a time of the hub's clock, Unix ms.
func (b Bulletin) InForce(at int64) bool { return b.From <= at && at < b.Until }

// HoldsIn reports whether it is for a place, by the rule for documents.
func (b Bulletin) HoldsIn(place advisory.Place) bool {
	return (&advisory.Document{Zones: b.Where}).HoldsIn(place)
}

// BulletinBytes is how many bytes bulletins take in a reply, which is compressed by gzip.
func BulletinBytes(all []Bulletin) int {
	raw, err := json.Marshal(all)
	if err != nil {
		panic(err) // strings and numbers always encode
	}
	return len(Gzip(raw))
}

// Gzip compresses a reply of the hub.
func Gzip(reply []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write(reply)
	if err = errors.Join(err, w.Close()); err != nil {
		panic(err) // memory takes what is written
	}
	return b.Bytes()
}
