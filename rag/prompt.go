package rag

import (
	_ "embed"
	"strings"
	"text/template"
	"unicode"
	"unicode/utf8"

	"jembe/advisory"
)

//go:embed prompt.txt
var promptFile string

var promptTemplate = template.Must(template.New("prompt").Parse(promptFile))

// prompt is what a model is told.
type prompt struct {
	system, user string
	passages     []int // number of a passage in it, less one -> index in the request
	tokens       int   // as estimated
}

// promptPassage is a passage as the template shows it.
type promptPassage struct {
	Number int
	Text   string
}

// questionShare of the budget is the most that a question may take: people ask in one or two sentences.
const questionShare = 5

// newPrompt fills the template with as much of the passages, from the first on and cut at ends of sentences, as the budget of
// tokens has room for. It has no passages where not one sentence fits.
func newPrompt(r advisory.DraftRequest, budget int) (prompt, error) {
	data := struct {
		Language, Question string
		Passages           []promptPassage
	}{Language: advisory.LangName("en", r.Lang), Question: cut(material(r.Question), r.Lang, budget/questionShare)}
	p, err := execute(data)
	if err != nil {
		return prompt{}, err
	}
	room := budget - tokens(p.system, "en") - tokens(p.user, r.Lang)
	const frame = 10 // tokens around a passage
	var used []int
	for i, passage := range r.Passages {
		text := material(passage.Text)
		part := cut(text, r.Lang, room-frame)
		if part != "" {
			used = append(used, i)
			data.Passages = append(data.Passages, promptPassage{len(used), part})
			room -= frame + tokens(part, r.Lang)
		}
		if part != text {
			break
		}
	}
	if p, err = execute(data); err != nil {
		return prompt{}, err
	}
	p.passages, p.tokens = used, tokens(p.system, "en")+tokens(p.user, r.Lang)
	return p, nil
}

func execute(data any) (prompt, error) {
	var system, user strings.Builder
	if err := promptTemplate.ExecuteTemplate(&system, "system", data); err != nil {
		return prompt{}, err
	}
	err := promptTemplate.ExecuteTemplate(&user, "user", data)
	return prompt{system: system.String(), user: user.String()}, err
}

// harmless are stand-ins for the signs of which the marks around material and the control words of models are made ("<|end|>",
// "</s>", "[INST]"): no text can close its block or speak as somebody else.
var harmless = strings.NewReplacer("<", "‹", ">", "›", "[", "(", "]", ")", "｜", "-", "|", "-")

// material makes a text fit to stand in a block: data, of visible signs and ends of lines only.
func material(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d': // joiners belong to the spelling of Hindi
			return -1
		}
		return r
	}, text)
	return strings.TrimSpace(harmless.Replace(text))
}

// cut gives the whole sentences from the beginning of a text that a budget of tokens has room for.
func cut(text string, lang advisory.Lang, budget int) string {
	if tokens(text, lang) <= budget {
		return text
	}
	var out string
	for i, line := range strings.Split(text, "\n") {
		for j, s := range advisory.Sentences(line) {
			between := ""
			switch {
			case j > 0:
				between = " "
			case i > 0:
				between = "\n"
			}
			if tokens(out+between+s, lang) > budget {
				return strings.TrimSpace(out)
			}
			out += between + s
		}
	}
	return strings.TrimSpace(out)
}

// bytesPerToken in Latin script, measured on this library with the tokenisers of Qwen 3, Gemma 3 and Llama 3: the least of the
// three. Other scripts were measured alike: Devanagari 2.65, 7.6 and 4.7 bytes, Ethiopic 2.0, 4.1 and 1.1.
var bytesPerToken = map[advisory.Lang]float64{"en": 4.0, "fr": 3.3, "sw": 2.5}

const (
	latinBytes      = 2.5
	devanagariBytes = 2.6
	otherBytes      = 1.5 // Ethiopic, and what was not measured
)

// tokens estimates into how many pieces a model cuts a text, rather too many than too few.
func tokens(text string, lang advisory.Lang) int {
	latin, ok := bytesPerToken[lang]
	if !ok {
		latin = latinBytes
	}
	n := 0.0
	for _, r := range text {
		size := float64(utf8.RuneLen(r))
		switch {
		case r < 0x250: // Latin letters, figures and signs
			n += size / latin
		case unicode.Is(unicode.Devanagari, r):
			n += size / devanagariBytes
		default:
			n += size / otherBytes
		}
	}
	return int(n + 0.999)
}
