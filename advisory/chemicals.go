package advisory

import (
	_ "embed"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
)

// Chemical is an active ingredient of pesticides or animal medicines, with the lists that speak of it.
type Chemical struct {
	Name  string
	Lists []string // "IN:banned", "IN:restricted", "IN:restricted:CROP,CROP", "PIC" (Rotterdam, Annex III), "WHO:Ia", "WHO:Ib"; none: an ordinary one
}

// ChemicalMention is a chemical found in a text.
type ChemicalMention struct {
	*Chemical
	At, End int // half-open range of word positions
}

// AnyCrop stands for advice that is not for one crop: a chemical that is banned on some is then restricted.
const AnyCrop = "*"

// The file says which chemicals there are, on which lists, by which names, and where that was read.
//
//go:embed chemicals.tsv
var chemicalFile string

var chemicals = loadChemicals()

// chemicalTable finds chemicals by their names.
type chemicalTable struct {
	byFirst   map[string][]chemicalName // by the first word of the name, the longest name first
	single    map[string][]chemicalName // names of one long word by the first two letters of their sound, for those misspelt
	bySound   map[string]*Chemical      // ... by their sound
	skeletons map[string]*Chemical      // by the consonants, for those written in another script
	sorted    []string                  // the skeletons
	countries map[string]bool           // that have a list
}

type chemicalName struct {
	words    []string
	sound    string // of a single word
	chemical *Chemical
}

func loadChemicals() chemicalTable {
	t := chemicalTable{byFirst: map[string][]chemicalName{}, single: map[string][]chemicalName{}, bySound: map[string]*Chemical{}, skeletons: map[string]*Chemical{}, countries: map[string]bool{}}
	for line := range strings.Lines(chemicalFile) {
		cells := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(cells) != 3 {
			continue // the heading
		}
		c := &Chemical{Name: cells[0], Lists: strings.Fields(cells[1])}
		for _, l := range c.Lists {
			if country, _, ok := strings.Cut(l, ":"); ok && country != "WHO" {
				t.countries[country] = true
			}
		}
		for _, name := range append(strings.Split(cells[2], "; "), c.Name) {
			t.add(Words(name), c)
		}
	}
	t.sorted = slices.Sorted(maps.Keys(t.skeletons))
	for _, names := range t.byFirst {
		slices.SortStableFunc(names, func(a, b chemicalName) int { return len(b.words) - len(a.words) })
	}
	return t
}

func (t *chemicalTable) add(words []string, c *Chemical) {
	if len(words) == 0 {
		return
	}
	n := chemicalName{words: words, chemical: c}
	if joined := strings.Join(words, ""); isASCII(joined) && len(joined) >= shortestChemical {
		n.sound = sound(joined)
		t.single[n.sound[:2]] = append(t.single[n.sound[:2]], n)
		if t.bySound[n.sound] == nil {
			t.bySound[n.sound] = c
		}
		if s := consonants(n.sound); len(s) >= leastConsonants && t.skeletons[s] == nil {
			t.skeletons[s] = c
		}
	}
	t.byFirst[words[0]] = append(t.byFirst[words[0]], n)
}

// longChemical is the length, in letters, up to which one mistake is mended, and from which on two.
const longChemical = 10

// leastConsonants is how many consonants tell a foreign name in an Indic script from a word of the language.
const leastConsonants = 6

// shortestChemical is the least length of a name, in letters, that is also found misspelt.
const shortestChemical = 7

// sounds writes letters that sound alike in one way, as those do who write chemicals by ear.
var sounds = strings.NewReplacer("ph", "f", "th", "t", "dh", "d", "kh", "k", "fh", "f", "ch", "c", "ck", "k", "y", "i", "z", "s", "ou", "u", "oo", "u", "ee", "i", "ae", "e", "q", "k", "x", "ks", "w", "v")

// sound is a name as it is heard: letters that sound alike as one, none doubled, no e at the end.
func sound(w string) string {
	w = strings.ReplaceAll(sounds.Replace(w), "c", "k")
	var b strings.Builder
	var last rune
	for _, r := range w {
		if r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return strings.TrimSuffix(b.String(), "e")
}

// consonants are what scripts agree on when they write a foreign name.
func consonants(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("aeiouh", r) {
			return -1
		}
		return r
	}, s)
}

// Chemicals finds the chemicals that a text names, in order: by name and brand, misspelt, written together or apart, or in
// an Indic script.
func Chemicals(text string) []ChemicalMention { return chemicalsIn(text, Words(text)) }

// chemicalsIn finds the chemicals of a text of which the words are known.
func chemicalsIn(text string, words []string) []ChemicalMention {
	if lookalike(text) {
		words = Words(lookalikes.Replace(text))
	}
	var out []ChemicalMention
	for i := 0; i < len(words); {
		c, end := chemicals.at(words, i)
		if c == nil {
			i++
			continue
		}
		out = append(out, ChemicalMention{c, i, end})
		i = end
	}
	return out
}

// at gives the chemical whose name starts at words[i], and where the name ends.
func (t *chemicalTable) at(words []string, i int) (*Chemical, int) {
	for _, n := range t.byFirst[words[i]] {
		if end := i + len(n.words); end <= len(words) && slices.Equal(n.words, words[i:end]) {
			return n.chemical, end
		}
	}
	if c := t.misspelt(words[i]); c != nil {
		return c, i + 1
	}
	if c := t.pair(words[i:]); c != nil {
		return c, i + 2
	}
	return t.parted(words, i)
}

// misspelt gives the chemical whose name the word must be meant for: as it sounds the same but for one letter, in long
// names two, or in an Indic script of the same consonants. The nearest name counts, whatever list it stands on.
func (t *chemicalTable) misspelt(w string) *Chemical {
	if !isASCII(w) {
		if soundLength(w) < leastConsonants {
			return nil
		}
		return t.bySkeleton(consonants(sound(latinised(w))))
	}
	if len(w) < shortestChemical || ordinary[w] {
		return nil
	}
	s := sound(w)
	if len(s) < shortestChemical-2 { // "aaaaaaa" sounds like "a"
		return nil
	}
	best, nearest := 2, (*Chemical)(nil)
	if len(s) > longChemical {
		best = 3
	}
	for _, n := range t.single[s[:2]] {
		if abs(len(n.sound)-len(s)) >= best {
			continue
		}
		if d := levenshtein.ComputeDistance(s, n.sound); d < best {
			best, nearest = d, n.chemical
		}
	}
	return nearest
}

// ordinary are everyday words that lie close to the name of a chemical.
var ordinary = set(strings.Fields("seven sevens sodium calcium decision describe carbon carbohydrate nitrogen thrips captain capital " +
	"marshall marsh method methods phosphate sulphate mercury petrol diesel region tractor tractors parents permit prepare standard action actions " +
	"formation formations sulfate sulfates colonne colonnes ammoniaque station poitrine dermatose machette tracel regent target rifle matching admit matches common sulphur potash potassium dimension lanes glass glasses"))

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// Unicode lays out the Indic scripts alike, each in a block of its own, so that one table reads them all.
const (
	firstIndic  = 0x0900
	behindIndic = 0x0D80
	indicBlock  = 0x80
)

// indicLetters are the sounds of the letters from the 21st of a block on, k to h.
var indicLetters = []string{"k", "k", "g", "g", "n", "c", "c", "j", "j", "n", "t", "t", "d", "d", "n", "t", "t", "d", "d", "n", "n", "p", "f", "b", "b", "m", "i", "r", "r", "l", "l", "l", "v", "s", "s", "s", "h"}

// latinised writes the consonants of an Indic or Ethiopic word in Latin letters; vowels are left out.
// Of a word without such letters ("cœur") nothing is left.
func latinised(w string) string {
	if !strings.ContainsFunc(w, func(r rune) bool { return r >= firstIndic }) {
		return ""
	}
	var b strings.Builder
	for _, r := range w {
		b.WriteString(latinSound(r))
	}
	return b.String()
}

// latinSound is the consonant of an Indic or Ethiopic letter, and a Latin letter itself; "" of a vowel sign.
func latinSound(r rune) string {
	switch {
	case r < utf8.RuneSelf: // in a word that mixes scripts
		return string(r)
	case r < firstIndic || r >= behindIndic:
		return ethiopicSound(r)
	}
	switch i := int(r-firstIndic) % indicBlock; {
	case i == 0x02: // anusvara
		return "n"
	case i >= 0x15 && i < 0x15+len(indicLetters):
		return indicLetters[i-0x15]
	}
	return ""
}
