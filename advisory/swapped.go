package advisory

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// The words that the recogniser is known to hear for others, by language: for each what was said, as the program's own list of swapped
// words shows it of questions in synthetic voices. always are those that no farm question holds; maybe are words that can be meant.
//
//go:embed swapped.json
var swappedFile []byte

var swapped = loadSwapped()

type swap struct {
	heard []string // words, folded
	said  string
}

type swapTable struct{ always, maybe []swap }

func loadSwapped() map[Lang]swapTable {
	var file map[Lang]struct {
		Always map[string]string
		Maybe  map[string][]string
	}
	if err := json.Unmarshal(swappedFile, &file); err != nil {
		panic(err)
	}
	out := map[Lang]swapTable{}
	for lang, f := range file {
		var t swapTable
		for heard, said := range f.Always {
			t.always = append(t.always, swap{Words(heard), said})
		}
		for heard, list := range f.Maybe {
			for _, said := range list {
				t.maybe = append(t.maybe, swap{Words(heard), said})
			}
		}
		byHeard := func(a, b swap) int {
			return strings.Compare(strings.Join(a.heard, " ")+a.said, strings.Join(b.heard, " ")+b.said)
		}
		slices.SortFunc(t.always, byHeard)
		slices.SortFunc(t.maybe, byHeard)
		out[lang] = t
	}
	return out
}

// in gives the text with what was said in place of what was heard, and whether it was heard at all.
func (s swap) in(text string) (string, bool) {
	words, found := Words(text), false
	for i := 0; i+len(s.heard) <= len(words); i++ {
		if slices.Equal(words[i:i+len(s.heard)], s.heard) {
			words = slices.Concat(words[:i], []string{s.said}, words[i+len(s.heard):])
			found = true
		}
	}
	return strings.Join(words, " "), found
}

// unswapped puts what was certainly said in place of what was heard.
func unswapped(text string, lang Lang) string {
	for _, s := range swapped[lang].always {
		if said, found := s.in(text); found {
			text = said
		}
	}
	return text
}

// swappedBack looks for an answer to what may have been said instead of what was heard, and reads that back: it is a guess. It reports
// false when none of the ways to hear it has an answer.
func (k *ask) swappedBack(ctx context.Context, u Understanding) (bool, error) {
	for _, s := range swapped[u.Written].maybe {
		text, found := s.in(u.Text)
		if !found {
			continue
		}
		other := Understand(text, u.Lang, k.Lexicon)
		if other.Emergency || other.Reason != NoReason || other.TooLittle {
			continue
		}
		matches, err := k.Retriever.Retrieve(ctx, other.Query())
		if err != nil {
			return false, fmt.Errorf("retrieve: %w", err)
		}
		if v := Weigh(other, matches, k.Place, k.Lexicon); v.Outcome == Answered {
			k.turn = Turn{Text: other.Search, Lang: other.Written}
			k.settle(u, readBack(other, v.Best.Document), nil)
			return true, nil
		}
	}
	return false, nil
}

// unanswered settles a question that no document answers as it was put.
func (k *ask) unanswered(ctx context.Context, u Understanding, v Verdict) error {
	if v.Outcome == Clarify {
		k.settle(u, askWhich(u, v, k.Lexicon), nil)
		return nil
	}
	if k.event.Channel == ByVoice && !u.Dying {
		if found, err := k.swappedBack(ctx, u); err != nil || found {
			return err
		}
	}
	k.settle(u, message(u, v.Outcome, v.Reason), nil)
	return nil
}
