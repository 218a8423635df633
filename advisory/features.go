package advisory

import "slices"

// The features on which evidence is judged, each 0 to 1.
const (
	featBias     = iota
	featWords    // Match.Words
	featCoverage // Match.Coverage
	featQuestion // Match.Question
	featVector   // Match.Vector
	featNamed    // share of the pests and diseases named that the document is about
	featUnnamed  // the question names a pest or disease that the document is not about
	featTopic    // share of the practices, inputs and topics named that the document is about
	featOffTopic // share of them that it is not about
	featSymptom  // share of the symptoms named that the document is about
	featAgrees   // a crop or animal named is the document's
	featNoCrop   // no crop or animal named, and the document is of one
	featConflict // crops or animals named, and none is the document's: never an answer
	featLead     // lead in Score over the best other match
	featForeign  // Match.Foreign
	FeatureCount // number of features
)

// FeatureNames are the names of the features as they stand in the table of weights.
var FeatureNames = [FeatureCount]string{
	"featBias", "featWords", "featCoverage", "featQuestion", "featVector", "featNamed", "featUnnamed", "featTopic",
	"featOffTopic", "featSymptom", "featAgrees", "featNoCrop", "featConflict", "featLead", "featForeign",
}

// Features gives the features of matches[i] among its rivals.
func Features(u Understanding, matches []Match, i int, lex *Lexicon) [FeatureCount]float64 {
	m := matches[i]
	f := [FeatureCount]float64{featBias: 1, featWords: m.Words, featCoverage: m.Coverage, featQuestion: m.Question, featVector: m.Vector}
	if m.Foreign {
		f[featForeign] = 1
	}
	problems(&f, u, m, lex)
	crops(&f, u, m.Document, lex)
	rival := 0.0
	for k, o := range matches {
		if k != i {
			rival = max(rival, o.Score)
		}
	}
	if m.Score > 0 {
		f[featLead] = max(0, (m.Score-rival)/m.Score)
	}
	return f
}

// problems fills the features of what the question names besides crops and animals.
func problems(f *[FeatureCount]float64, u Understanding, m Match, lex *Lexicon) {
	var named, namedHit, topic, topicHit, symptom, symptomHit float64
	for _, id := range u.Problems {
		hit := 0.0
		if related(id, m.About, lex) {
			hit = 1
		}
		switch lex.Concept(id).Kind {
		case Pest, Disease:
			named, namedHit = named+1, namedHit+hit
		case Symptom:
			symptom, symptomHit = symptom+1, symptomHit+hit
		default:
			topic, topicHit = topic+1, topicHit+hit
		}
	}
	if named > 0 {
		f[featNamed] = namedHit / named
		if namedHit == 0 {
			f[featUnnamed] = 1
		}
	}
	if topic > 0 {
		f[featTopic], f[featOffTopic] = topicHit/topic, 1-topicHit/topic
	}
	if symptom > 0 {
		f[featSymptom] = symptomHit / symptom
	}
}

// crops fills the features of crop and animal.
func crops(f *[FeatureCount]float64, u Understanding, d *Document, lex *Lexicon) {
	named := slices.Concat(u.Crops, u.Animals)
	own := slices.Concat(d.Crops, d.Animals)
	switch {
	case len(own) == 0:
	case len(named) == 0:
		f[featNoCrop] = 1
	case slices.ContainsFunc(named, func(id string) bool { return related(id, own, lex) }):
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
