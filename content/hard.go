package content

import (
	"cmp"
	"path"
	"slices"
	"unicode"

	"jembe/advisory"
)

// What makes a spoken answer hard. There is no list of easy words for these languages that may be carried along, so the library itself is
// the measure: a word is hard that is long, names nothing of the lexicon, stands in one document alone and in no question, for questions
// are in farmers' words. Words that begin alike count as one, so that an ending makes none hard.
const (
	hardWords    = 2  // of an answer from which it is hard
	longSentence = 25 // words of a sentence above which it is hard to take in by ear
	beginning    = 6  // letters of a word that tell it from others
)

// longWord is how many letters a word has at least that may be hard. Hindi letters include the signs of vowels.
var longWord = map[advisory.Lang]int{"en": 8, "fr": 9, "sw": 9, "hi": 7}

// Hard is an answer whose words or sentences are hard.
type Hard struct {
	Document string        `json:"document"` // docs/LANG/ID.md
	Line     int           `json:"line"`     // of the answer; 0 where the file is not at hand
	Lang     advisory.Lang `json:"lang"`
	Words    []string      `json:"words"`    // that are hard, in their order
	Sentence int           `json:"sentence"` // words of its longest sentence, where that is too long; else 0
}

// HardAnswers gives the documents whose short answers are hard, the hardest first. Known are the documents by which words are measured.
func HardAnswers(docs, known []*advisory.Document, lexicon *advisory.Lexicon) []Hard {
	v := vocabularyOf(known)
	var out []Hard
	for _, d := range docs {
		h := Hard{Document: path.Join("docs", string(d.Lang), d.ID+".md"), Lang: d.Lang, Words: v.hardIn(d, lexicon)}
		for _, s := range advisory.Sentences(d.Answer) {
			if n := len(advisory.Words(s)); n > longSentence {
				h.Sentence = max(h.Sentence, n)
			}
		}
		if len(h.Words) >= hardWords || h.Sentence > 0 {
			out = append(out, h)
		}
	}
	slices.SortStableFunc(out, func(a, b Hard) int {
		return cmp.Or(len(b.Words)-len(a.Words), b.Sentence-a.Sentence, cmp.Compare(a.Document, b.Document))
	})
	return out
}

// HardIn gives the hard answers in the folder of a pack, measured by its documents and the starter's.
func HardIn(dir string) ([]Hard, error) {
	p, err := Folder(dir)
	if p == nil {
		return nil, err
	}
	first, _ := Starter() // what is wrong in it is told by Load
	var docs, known []*advisory.Document
	lines := map[string]int{}
	for _, d := range p.Documents {
		docs = append(docs, &d.Document)
		lines[d.place()] = d.lines["answer"]
	}
	known = append(known, docs...)
	for _, d := range first.Documents {
		if lines[d.place()] == 0 {
			known = append(known, &d.Document)
		}
	}
	out := HardAnswers(docs, known, newChecker(p).lexicon)
	for i := range out {
		out[i].Line = lines[out[i].Document]
	}
	return out, err
}

// vocabulary tells of the beginnings of words, by language, in how many documents they stand, and whether farmers ask with them.
type vocabulary map[advisory.Lang]map[string]wordUse

type wordUse struct {
	documents int
	asked     bool
}

func vocabularyOf(docs []*advisory.Document) vocabulary {
	v := vocabulary{}
	for _, d := range docs {
		if v[d.Lang] == nil {
			v[d.Lang] = map[string]wordUse{}
		}
		here := map[string]bool{}
		for _, s := range d.Sections {
			addWords(here, s.Text)
		}
		addWords(here, d.Title+" "+d.Answer)
		asked := map[string]bool{}
		for _, q := range d.Questions {
			addWords(asked, q)
		}
		for w := range asked {
			here[w] = true
		}
		for w := range here {
			u := v[d.Lang][w]
			v[d.Lang][w] = wordUse{u.documents + 1, u.asked || asked[w]}
		}
	}
	return v
}

func addWords(to map[string]bool, text string) {
	for _, w := range advisory.Words(text) {
		to[beginningOf(w)] = true
	}
}

func beginningOf(word string) string {
	letters := []rune(word)
	return string(letters[:min(len(letters), beginning)])
}

// hardIn gives the hard words of a document's answer, each once.
func (v vocabulary) hardIn(d *advisory.Document, lexicon *advisory.Lexicon) []string {
	words := advisory.Words(d.Answer)
	named := make([]bool, len(words))
	for _, m := range lexicon.Find(d.Answer, d.Lang) {
		for i := m.At; i < m.End && i < len(named); i++ {
			named[i] = true
		}
	}
	least := longWord[d.Lang]
	if least == 0 {
		least = longWord["en"]
	}
	out := []string{}
	for i, w := range words {
		use := v[d.Lang][beginningOf(w)]
		digit := slices.ContainsFunc([]rune(w), unicode.IsDigit)
		if len([]rune(w)) >= least && !named[i] && !digit && !use.asked && use.documents <= 1 && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}
