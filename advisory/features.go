package advisory

import "slices"

// The features on which evidence is judged, each 0 to 1 where nothing else is said.
const (
	featBias          = iota
	featWords         // Match.Words
	featCoverage      // Match.Coverage
	featQuestion      // Match.Question
	featVector        // Match.Vector
	featNamed         // share of the single pests and diseases named that are the document's topics
	featUnnamed       // a single pest or disease is named, and none is the document's topic
	featSubject       // the question names the document's first topic, which is its most specific
	featTopic         // share of the practices, inputs and topics named that the document is about
	featOffTopic      // share of them that it is not about
	featSymptom       // share of the symptoms named that the document is about
	featAgrees        // a crop or animal named is the document's
	featNoCrop        // no crop or animal named, and the document is of one
	featGeneric       // a crop or animal is named, and the document is of none
	featConflict      // crops or animals named, and none is the document's: never an answer
	featLead          // lead in Score over the best other match, of a document that is about something the question names besides the crop
	featBareLead      // the same lead of a document that shares no more than the crop, or not even that
	featForeign       // Match.Foreign
	featAheadQuestion // Match.Question less that of the best other match, -1 to 1
	featAheadVector   // ... of Match.Vector
	featAheadWords    // ... of Match.Words
	featRoman         // Hindi in Latin letters, spelt in many ways
	featOffSymptom    // share of the symptoms named that the document is not about
	featDiagnosis     // the document is on a pest, a disease or a sickness
	featCompany       // share of the other matches that are of the crop or animal named: a lead over them tells more than one over strangers
	featLength        // words of the question, of a long story's: the longer, the fewer of them any document has
	featConcepts      // Match.Concepts
	featAheadConcepts // ... less that of the best other match, -1 to 1
	FeatureCount      // number of features
)

// Features gives the features of matches[i] among its rivals.
func Features(u Understanding, matches []Match, i int, lex *Lexicon) [FeatureCount]float64 {
	m := matches[i]
	f := [FeatureCount]float64{featBias: 1, featWords: m.Words, featCoverage: m.Coverage, featQuestion: m.Question, featVector: m.Vector,
		featConcepts: m.Concepts, featLength: min(1, float64(len(Words(u.Text)))/story), featCompany: company(u, matches, i, lex)}
	if m.Foreign {
		f[featForeign] = 1
	}
	if u.Written == "hi" && isASCII(u.Text) {
		f[featRoman] = 1
	}
	if diagnosis(m.Document) {
		f[featDiagnosis] = 1
	}
	problems(&f, u, m, lex)
	crops(&f, u, m.Document, lex)
	rival := rivalOf(matches, i)
	f[featAheadQuestion], f[featAheadVector], f[featAheadWords] = m.Question-rival.Question, m.Vector-rival.Vector, m.Words-rival.Words
	f[featAheadConcepts] = m.Concepts - rival.Concepts
	if m.Score > 0 {
		lead := featBareLead
		if f[featNamed]+f[featTopic]+f[featSymptom] > 0 {
			lead = featLead
		}
		f[lead] = max(0, (m.Score-rival.Score)/m.Score)
	}
	return f
}

// story is the number of words from which a question is a long one.
const story = 40

// company is the share of the matches besides matches[i] that are of a crop or animal named.
func company(u Understanding, matches []Match, i int, lex *Lexicon) float64 {
	var s share
	for k, m := range matches {
		if k != i {
			s.add(ofNamed(u, m.Document, lex))
		}
	}
	return s.of()
}

// ofNamed reports whether a document is of a crop or animal that the question names.
func ofNamed(u Understanding, d *Document, lex *Lexicon) bool {
	own := slices.Concat(d.Crops, d.Animals)
	return slices.ContainsFunc(slices.Concat(u.Crops, u.Animals), func(id string) bool { return related(id, own, lex) })
}

// rivalOf gives the best that any other match has of each signal.
func rivalOf(matches []Match, i int) Match {
	rival := leastRival
	for k, o := range matches {
		if k != i {
			rival.Score, rival.Question = max(rival.Score, o.Score), max(rival.Question, o.Question)
			rival.Vector, rival.Words = max(rival.Vector, o.Vector), max(rival.Words, o.Words)
			rival.Concepts = max(rival.Concepts, o.Concepts)
		}
	}
	return rival
}

// Terms gives what the regression weighs: the features, and the product of each two of them and of each with itself, the bias
// apart. Products let one signal count for more where another is weak, which no sum of them can.
func Terms(f [FeatureCount]float64) []float64 {
	out := make([]float64, 0, TermCount)
	out = append(out, f[:]...)
	for i := 1; i < len(f); i++ {
		for j := i; j < len(f); j++ {
			out = append(out, f[i]*f[j])
		}
	}
	return out
}

// TermCount is the number of terms.
const TermCount = FeatureCount + (FeatureCount-1)*FeatureCount/2

// leastRival is a rival that is always reckoned with, about as strong as a weak one in the starter library, so that the only document
// of a small library has no easy lead.
var leastRival = Match{Score: 0.6, Question: 0.3, Vector: 0.3, Words: 0.25}

// covers reports whether a document is about a concept. One that only mentions a disease, to tell it apart, is not; nor is
// one on another disease of the same wider kind.
func covers(m Match, c *Concept, lex *Lexicon) bool {
	if (c.Kind == Pest || c.Kind == Disease) && !c.group {
		return slices.ContainsFunc(m.Document.Topics, func(t string) bool { return t == c.ID || within(t, c.ID, lex) })
	}
	return related(c.ID, m.About, lex)
}

// problems fills the features of what the question names besides crops and animals.
func problems(f *[FeatureCount]float64, u Understanding, m Match, lex *Lexicon) {
	var named, topic, symptom share
	for _, id := range u.Problems {
		c := lex.Concept(id)
		hit := covers(m, c, lex)
		switch {
		case (c.Kind == Pest || c.Kind == Disease) && !c.group:
			named.add(hit)
		case c.Kind == Symptom || c.group:
			symptom.add(hit)
		default:
			topic.add(hit)
		}
	}
	f[featNamed], f[featTopic], f[featSymptom] = named.of(), topic.of(), symptom.of()
	if symptom.all > 0 {
		f[featOffSymptom] = 1 - symptom.of()
	}
	if named.all > 0 && named.hit == 0 {
		f[featUnnamed] = 1
	}
	if topic.all > 0 {
		f[featOffTopic] = 1 - topic.of()
	}
	if t := m.Document.Topics; len(t) > 0 && slices.Contains(u.Problems, t[0]) {
		f[featSubject] = 1
	}
}

// share counts hits.
type share struct{ hit, all float64 }

func (s *share) add(hit bool) {
	s.all++
	if hit {
		s.hit++
	}
}

// of is the share of hits, 0 of none.
func (s *share) of() float64 {
	if s.all == 0 {
		return 0
	}
	return s.hit / s.all
}

// crops fills the features of crop and animal.
func crops(f *[FeatureCount]float64, u Understanding, d *Document, lex *Lexicon) {
	named, own := len(u.Crops)+len(u.Animals), len(d.Crops)+len(d.Animals)
	switch {
	case own == 0 && named > 0:
		f[featGeneric] = 1
	case own == 0:
	case named == 0:
		f[featNoCrop] = 1
	case ofNamed(u, d, lex):
		f[featAgrees] = 1
	default:
		f[featConflict] = 1
	}
}

// related reports whether the concept is one of the ids, or wider or narrower than one.
func related(id string, ids []string, lex *Lexicon) bool {
	return slices.ContainsFunc(ids, func(other string) bool {
		return id == other || within(id, other, lex) || within(other, id, lex)
	})
}

// within reports whether a concept is a kind of another, at any depth up to 4 (a lexicon with a ring must not hang us).
func within(id, wider string, lex *Lexicon) bool {
	ids := []string{id}
	for range 4 {
		var next []string
		for _, i := range ids {
			if c := lex.Concept(i); c != nil {
				next = append(next, c.Is...)
			}
		}
		if slices.Contains(next, wider) {
			return true
		}
		ids = next
	}
	return false
}
