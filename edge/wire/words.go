package wire

import (
	"embed"
	"slices"
	"strings"
	"sync"
)

// vocabulary holds words that events hold often, those of most documents of the starter pack first, and questions as they are asked.
// Both ends must have the same: the files are never changed; a later encoding may bring others.
//
//go:embed vocabulary
var vocabulary embed.FS

var (
	knownConcepts  = sync.OnceValue(func() []string { return strings.Fields(string(read("concepts.txt"))) })
	knownDocuments = sync.OnceValue(func() []string { return strings.Fields(string(read("documents.txt"))) })
)

func read(file string) []byte {
	b, err := vocabulary.ReadFile("vocabulary/" + file)
	if err != nil {
		panic(err) // the files are part of the program
	}
	return b
}

// column is what is known of the words in one place: those met, the latest first.
type column struct {
	words  []string
	index  number // 1 for the latest; 0: a new word is spelt
	length number
	letter [256]chance
}

// mostWords of a column are remembered.
const mostWords = 2048

// code codes a word.
func (k *column) code(c *coder, v string) string {
	at := k.index.code(c, uint64(slices.Index(k.words, v)+1))
	switch {
	case at > uint64(len(k.words)): // only in bytes that nobody wrote
		c.room = -1
		return ""
	case at > 0 && !c.take(uint64(len(k.words[at-1]))):
		return ""
	case at > 0:
		v = k.words[at-1]
		copy(k.words[1:at], k.words[:at-1])
		k.words[0] = v
		return v
	}
	v = k.spell(c, v)
	k.words = slices.Insert(k.words[:min(len(k.words), mostWords-1)], 0, v)
	return v
}

// spell codes a word letter by letter.
func (k *column) spell(c *coder, v string) string {
	n := k.length.code(c, uint64(len(v)))
	if !c.take(n) {
		return ""
	}
	out := make([]byte, n)
	for i := range out {
		var letter byte
		if !c.reading {
			letter = v[i]
		}
		out[i] = byte(tree(c, k.letter[:], 8, uint64(letter)))
	}
	return string(out)
}

// list is what is known of the lists of words in one place.
type list struct {
	same   flag
	length number
	column
	last []string
}

// code codes a list; the last one again costs next to nothing.
func (l *list) code(c *coder, v []string) []string {
	if l.same.code(c, slices.Equal(v, l.last)) {
		for _, word := range l.last {
			c.take(uint64(len(word)))
		}
		return slices.Clone(l.last)
	}
	n := l.length.code(c, uint64(len(v)))
	var out []string
	for i := uint64(0); i < n && c.room >= 0; i++ {
		word := ""
		if !c.reading {
			word = v[i]
		}
		out = append(out, l.column.code(c, word))
	}
	l.last = out
	return slices.Clone(out)
}
