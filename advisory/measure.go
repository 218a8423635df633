package advisory

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
)

// Measure is a quantity of a text: "2 to 3 ml per litre of water", "siku 14", "१.५ किलो प्रति हेक्टेयर", "400 g / 200 l / acre".
type Measure struct {
	Low, High float64 // in the base unit: g, ml, m, m2, minute, month, celsius, percent, ppm, times; equal when it is no range
	Factor    float64 // of the unit as written to the base unit: 0.01 for a centimetre; 1 for a bare number
	Unit      string  // base unit; "" for a bare number; a local unit of land (acre, bigha, katha, guntha) is its own, and never converted
	Per       []Per   // of what it is so much, in the order of the text
	Spelt     bool    // written in words: "two weeks"
	At, End   int     // half-open range of word positions, of the quantity without its Per
}

// Per is what a measure is reckoned on: a litre of water is {1000, "ml"}, a plant {1, "plant"}.
type Per struct {
	Value float64
	Unit  string // base unit, or the folded name of a thing that is counted
}

// The file holds the names of units in the languages we may meet, with their factors: SI, and the days of a week.
//
//go:embed units.json
var unitsFile []byte

// units is the file, made ready.
var units = loadUnits()

type unitTable struct {
	byFirst map[string][]namedUnit // by the first word of a folded name, the longest name first
	counted map[string]bool
	per     map[string]bool
	inside  map[string]bool
	between map[string]bool
	pairs   []rangePair
	numbers map[string]float64
}

type unit struct {
	base   string
	factor float64
}

type namedUnit struct {
	unit
	name []string
}

// rangePair are words such as "between" and "and".
type rangePair struct {
	open   []string
	middle string
}

func loadUnits() unitTable {
	var file struct {
		Units []struct {
			ID, Base string
			Factor   float64
			Names    []string
		}
		Counted, Per, Inside, Range []string
		RangePair                   map[string]string
		Numbers                     map[string]float64
	}
	if err := json.Unmarshal(unitsFile, &file); err != nil {
		panic(err)
	}
	t := unitTable{byFirst: map[string][]namedUnit{}, counted: set(file.Counted), per: set(file.Per), inside: set(file.Inside), between: set(file.Range),
		numbers: map[string]float64{}}
	for _, u := range file.Units {
		for _, name := range u.Names {
			words := lexTexts(name)
			t.byFirst[words[0]] = append(t.byFirst[words[0]], namedUnit{unit{u.Base, u.Factor}, words})
		}
	}
	for _, names := range t.byFirst {
		slices.SortStableFunc(names, func(a, b namedUnit) int { return len(b.name) - len(a.name) })
	}
	for open, middle := range file.RangePair {
		t.pairs = append(t.pairs, rangePair{lexTexts(open), Fold(middle)})
	}
	for word, value := range file.Numbers {
		t.numbers[Fold(word)] = value
	}
	return t
}

// set is the folded words as a set.
func set(words []string) map[string]bool {
	out := map[string]bool{}
	for _, w := range words {
		out[strings.Join(lexTexts(w), " ")] = true
	}
	return out
}

func lexTexts(s string) []string {
	var out []string
	for _, l := range lex(s) {
		out = append(out, l.text)
	}
	return out
}

// StandsIn reports whether both ends of the measure are ends of some of the others, in its unit, or the same number without one:
// people who sum up or translate take ranges together, and leave out what goes without saying.
func (m Measure) StandsIn(others []Measure) bool {
	at := func(v float64) bool {
		for _, o := range others {
			switch {
			case o.Unit == m.Unit && (close(o.Low, v) || close(o.High, v)):
				return true
			case slices.ContainsFunc(o.Per, func(p Per) bool { return p.Unit == m.Unit && close(p.Value, v) }): // "1 kg in 10 litres"
				return true
			case (o.Unit == "" || m.Unit == "") && (close(o.Low/o.Factor, v/m.Factor) || close(o.High/o.Factor, v/m.Factor)):
				return true
			}
		}
		return false
	}
	return at(m.Low) && at(m.High)
}
