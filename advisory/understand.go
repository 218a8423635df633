package advisory

import (
	"slices"
	"strings"
	"unicode"
)

// Understanding is what the box takes from a question before it looks anything up.
type Understanding struct {
	Text      string    // as it was put
	Search    string    // the same with its spelling mended
	Doubtful  []string  // words of Search that may have been another
	Lang      Lang      // in which the answer is wanted
	Written   Lang      // in which the text is
	Mentions  []Mention // concepts named, in order
	Crops     []string  // ids, each once
	Animals   []string
	Problems  []string // pests, diseases, symptoms, inputs, practices and topics
	Reason    Reason   // why it must be refused, or NoReason
	TooLittle bool     // no more than a greeting, or the name of a crop or animal

	Emergency  bool // someone may be in danger: no refusal, no question back
	AnimalOnly bool // ... and it is an animal
	Dying      bool // an animal is dying, of whatever cause
	Despair    bool // someone speaks of ending a life, besides an emergency or alone
}

// Understand finds language, crop, animal, problem and scope of a question. asked is the caller's language, or empty. Local words, which
// nobody at the office has seen, never make a danger less: it is what it is without them.
func Understand(text string, asked Lang, lex *Lexicon) Understanding {
	u, reason := understand(text, asked, lex)
	if lex.plain == nil || reason != emergency && !u.speaksOfDying() {
		return u
	}
	plain, _ := understand(text, asked, lex.plain)
	if plain.Emergency {
		u.Emergency, u.AnimalOnly, u.Reason, u.TooLittle = true, plain.AnimalOnly, NoReason, false
	}
	u.Dying = u.Dying || plain.Dying
	return u
}

// understand is Understand with what the words alone say of the scope, whoever they are said of.
func understand(text string, asked Lang, lex *Lexicon) (Understanding, Reason) {
	u := Understanding{Text: text, Written: DetectLang(text, asked, lex)}
	if u.Written == "" {
		u.Written = "en"
	}
	u.Search, u.Doubtful = lex.mend(text, u.Written)
	if u.Lang = asked; u.Lang == "" {
		u.Lang = u.Written
	}
	u.Mentions = lex.Find(u.Search, u.Written)
	for _, m := range u.Mentions {
		list := &u.Problems
		switch m.Concept.Kind {
		case Crop:
			list = &u.Crops
		case Animal:
			list = &u.Animals
		}
		if !slices.Contains(*list, m.Concept.ID) {
			*list = append(*list, m.Concept.ID)
		}
	}
	reason := scope(text)
	switch {
	case reason == emergency && u.pestEats(): // "caterpillars ate my maize after spraying"
	case reason == emergency:
		u.Emergency, u.AnimalOnly = true, u.animalOnly()
	case reason == OffTopic && u.farmed(lex): // "a maize field as large as a football field"; but Simba, the lion, is a team
	case reason == NoReason && (u.onlyOffTopic() || u.onlyCooks(lex)):
		u.Reason = OffTopic
	default:
		u.Reason = reason
	}
	u.Despair, u.Dying = despairs(text), u.dying()
	u.TooLittle = !u.Emergency && u.Reason == NoReason && u.tooLittle()
	return u, reason
}

// tooLittle reports whether nothing is said besides greetings, function words and the names of crops or animals. A crop and an animal
// tell what is wrong: birds on sunflower.
func (u *Understanding) tooLittle() bool {
	if len(u.Problems) > 0 || len(u.Crops) > 0 && len(u.Animals) > 0 {
		return false
	}
	words := Words(u.Search)
	said := make([]bool, len(words))
	for _, m := range u.Mentions {
		for i := m.At; i < m.End; i++ {
			said[i] = true
		}
	}
	for i, w := range words {
		if !said[i] && !slices.Contains(functionWords[u.Written], w) && !slices.Contains(greetings, w) {
			return false
		}
	}
	return true
}

// greetings are what people say before they ask.
var greetings = Words("hello hi hey good morning afternoon evening thanks thank you please help namaste namaskar dhanyavad shukriya " +
	"नमस्ते नमस्कार धन्यवाद शुक्रिया मदद habari jambo hujambo mambo shikamoo asante karibu bonjour salut bonsoir merci aide svp")

// farmed reports whether the question names a crop or an animal that people keep.
func (u *Understanding) farmed(lex *Lexicon) bool {
	return len(u.Crops) > 0 || slices.ContainsFunc(u.Animals, func(id string) bool {
		return within(id, "livestock", lex) || within(id, "poultry", lex)
	})
}

// offTopic are the topics of the lexicon that have nothing to do with farming.
var offTopic = []string{"politics", "football", "music", "phone", "school", "migration", "family-life", "cooking-recipe", "transport"}

// onlyCooks reports whether the question is of a farm animal that is to be cooked. A word that was mended may have meant anything else.
func (u *Understanding) onlyCooks(lex *Lexicon) bool {
	return u.Search == u.Text && len(u.Crops) == 0 && u.farmed(lex) && slices.Equal(u.Problems, []string{"cooking-recipe"})
}

// onlyOffTopic reports whether all that the question names has nothing to do with farming.
func (u *Understanding) onlyOffTopic() bool {
	return len(u.Mentions) > 0 && !slices.ContainsFunc(u.Mentions, func(m Mention) bool { return !slices.Contains(offTopic, m.Concept.ID) })
}

// Concepts gives the ids of all concepts named, each once, in order.
func (u *Understanding) Concepts() []string {
	var out []string
	for _, m := range u.Mentions {
		if !slices.Contains(out, m.Concept.ID) {
			out = append(out, m.Concept.ID)
		}
	}
	return out
}

// Clean makes any text fit to be a question: control characters become spaces, runs of space one, ends trimmed.
// Errors are *Error: EmptyQuestion without a letter or digit, TextTooLong above MaxQuestion characters.
func Clean(text string) (string, error) {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, " "))
	text = strings.Join(strings.Fields(text), " ")
	if len([]rune(text)) > MaxQuestion {
		return "", &Error{Code: TextTooLong, Hint: "ask in a few sentences"}
	}
	if len(Words(text)) == 0 {
		return "", &Error{Code: EmptyQuestion, Hint: "say or type what you see on the farm"}
	}
	return text, nil
}

// Query makes the question ready for search. In an emergency first aid is looked for, however it was put.
func (u *Understanding) Query() Query {
	concepts := u.Concepts()
	if u.Emergency {
		concepts = []string{poisoning}
	}
	return Query{Text: u.Search, Lang: u.Written, Answer: u.Lang, Concepts: concepts, Limit: candidates}
}
