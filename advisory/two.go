package advisory

import (
	"context"
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
)

// The words with which a second question begins or is asked, of all languages side by side; compared as those of scope.json.
//
//go:embed joints.json
var jointFile []byte

var joiners, questionWords = loadJoints()

func loadJoints() (joiners, questions []phrase) {
	var file struct{ Joiners, Questions []string }
	if err := json.Unmarshal(jointFile, &file); err != nil {
		panic(err)
	}
	return phrases(file.Joiners), phrases(file.Questions)
}

// pair is two questions that were asked in one.
type pair struct {
	texts [2]string // each whole by itself
	apart bool      // of different crops or animals: no answer to one is an answer to the other
}

// A question of fewer words is one; one with more joints is a story.
const (
	fewestWords = 6
	mostJoints  = 6
)

// pair parts a text that asks two things, and reports whether it does: each half names what it is about, and they are of different crops
// or animals, or ask for different things in words that ask.
func (u *Understanding) pair(lex *Lexicon) (pair, bool) {
	tokens := strings.Fields(u.Text)
	if len(tokens) < fewestWords || u.Emergency || u.Despair || u.Reason == Harm || u.Reason == Machine {
		return pair{}, false
	}
	for _, joint := range joints(tokens) {
		left, right := strings.Join(tokens[:joint], " "), strings.Join(tokens[joint:], " ")
		words, keys := Words(right), nameKeys(right)
		if len(words) > 0 && slices.ContainsFunc(joiners, func(p phrase) bool { return p.at(words, keys) }) {
			right = strings.Join(tokens[joint+1:], " ")
		}
		if p, ok := parted(left, right, u.Lang, lex); ok {
			return p, true
		}
	}
	return pair{}, false
}

// joints gives the places between tokens at which a second question may begin: before a word that joins, or after a sign that ends.
func joints(tokens []string) (out []int) {
	for i := 2; i+2 <= len(tokens) && len(out) < mostJoints; i++ {
		words, keys := Words(tokens[i]), nameKeys(tokens[i])
		last := []rune(tokens[i-1])
		ends := EndsSentence(last[len(last)-1]) || strings.ContainsRune(",;", last[len(last)-1])
		if ends || len(words) > 0 && slices.ContainsFunc(joiners, func(p phrase) bool { return p.at(words, keys) }) {
			out = append(out, i)
		}
	}
	return out
}

// parted judges two halves.
func parted(left, right string, lang Lang, lex *Lexicon) (pair, bool) {
	l, r := Understand(left, lang, lex), Understand(right, lang, lex)
	if len(l.Problems) == 0 || len(r.Problems) == 0 {
		return pair{}, false
	}
	ofLeft, ofRight := slices.Concat(l.Crops, l.Animals), slices.Concat(r.Crops, r.Animals)
	points := len(places(followups.it, Words(right), nameKeys(right))) > 0
	if len(ofLeft) > 0 && len(ofRight) > 0 {
		apart := !points && !isList(l, r) && !slices.ContainsFunc(ofRight, func(id string) bool { return related(id, ofLeft, lex) })
		return pair{[2]string{left, right}, apart}, apart
	}
	if len(ofLeft) == 0 || slices.ContainsFunc(r.Problems, func(id string) bool { return slices.Contains(l.Problems, id) }) || !asks(left) || !asks(right) {
		return pair{}, false
	}
	if points {
		right += living(Turn{Text: left, Lang: l.Written}, lex)
	}
	return pair{[2]string{left, right}, false}, true
}

// isList reports whether the joint stands between two crops or animals of one list: "on beans and peppers".
func isList(l, r Understanding) bool {
	ends := slices.ContainsFunc(l.Mentions, func(m Mention) bool { return m.Concept.living() && m.End == len(Words(l.Search)) })
	return ends && slices.ContainsFunc(r.Mentions, func(m Mention) bool { return m.Concept.living() && m.At == 0 })
}

func asks(text string) bool { return len(places(questionWords, Words(text), nameKeys(text))) > 0 }

// answerPair answers both of two questions, the more urgent first, or the one that has an answer, and then says that the other has none.
// Nothing of one goes into the answer to the other. It reports false when the text is better taken as one question.
func (k *ask) answerPair(ctx context.Context, u Understanding, p pair) (bool, error) {
	var halves [2]*ask
	for i, text := range p.texts {
		q := Question{Text: text, Lang: u.Lang}
		halves[i] = &ask{Advisor: k.Advisor, Library: k.Library, q: q, half: true, doubtful: k.doubtful}
		if err := halves[i].advise(ctx, text); err != nil {
			return false, err
		}
	}
	a, b := halves[0], halves[1]
	switch hasA, hasB := a.answer.Outcome == Answered, b.answer.Outcome == Answered; {
	case a.answer.Reason == Confirm || b.answer.Reason == Confirm: // the whole is read back
		return false, nil
	case hasA && hasB && !p.apart && shareCrop(a.document, b.document): // two sides of one thing, or one document
		return false, nil
	case hasA && hasB && a.document.ID == b.document.ID:
		return false, nil
	case hasA && hasB:
		if b.urgency() > a.urgency() {
			a, b = b, a
		}
		k.joined(u, a, b.answer)
	case hasA && (p.apart || k.otherMatter(p.texts[1], u.Lang)):
		k.joined(u, a, unanswered(u, p.texts[1]))
	case hasB && (p.apart || k.otherMatter(p.texts[0], u.Lang)):
		k.joined(u, b, unanswered(u, p.texts[0]))
	default:
		return false, nil
	}
	k.event.Fell = append(k.event.Fell, slices.Concat(a.event.Fell, b.event.Fell)...)
	return true, nil
}

// otherMatter reports whether a half is of what the library never answers, so that no document of the other half can hold it.
func (k *ask) otherMatter(text string, lang Lang) bool {
	u := Understand(text, lang, k.Lexicon)
	return u.Reason != NoReason
}

// urgency orders two answers: who is in danger, a sick animal, a pest or disease, all else.
func (k *ask) urgency() int {
	switch u := Understand(k.q.Text, k.q.Lang, k.Lexicon); {
	case u.Emergency || u.Dying:
		return 3
	case k.document.Kind == "animal-health":
		return 2
	case diagnosis(k.document):
		return 1
	}
	return 0
}

// unanswered says which of two questions has no answer here.
func unanswered(u Understanding, text string) Answer {
	text = Say(u.Lang, "not_answered", "question", strings.TrimRight(text, " .?!।,;"))
	return Answer{Lang: u.Lang, Text: text, Reviewed: true, Speech: []Speech{{Lang: u.Lang, Text: text}}}
}

// joined makes one answer of the first half and what is said on the second.
func (k *ask) joined(u Understanding, first *ask, second Answer) {
	a := first.answer
	next := Speech{Lang: u.Lang, Text: Say(u.Lang, "second_question")}
	if second.Outcome != Answered {
		next.Text = ""
	}
	a.Text += "\n\n" + second.Text
	a.Simple = nil // it would be that of one half
	a.Reviewed = a.Reviewed && second.Reviewed
	a.Citations = slices.Concat(a.Citations, second.Citations)
	a.Contacts = slices.Concat(a.Contacts, slices.DeleteFunc(slices.Clone(second.Contacts), func(c Contact) bool { return slices.Contains(a.Contacts, c) }))
	if second.Tier == Quoted || second.Tier == Generated && a.Tier == Prepared {
		a.Tier = second.Tier // the record names the one that was less sure
	}
	parts := slices.Clone(a.Speech)
	if next.Text != "" {
		parts = append(parts, next)
	}
	a.Speech = join(append(parts, second.Speech...))
	var spoken []string
	for _, s := range a.Speech {
		spoken = append(spoken, s.Text)
	}
	a.Spoken = strings.Join(spoken, " ")
	a.Timings = k.answer.Timings
	for _, t := range []Timings{first.answer.Timings, second.Timings} {
		a.Timings.Retrieve += t.Retrieve
		a.Timings.Evidence += t.Evidence
		a.Timings.Write += t.Write
		a.Timings.Guard += t.Guard
	}
	k.answer = a
}
