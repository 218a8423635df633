package rag

// gramMin and gramMax are the lengths of the character n-grams, in runes.
const (
	gramMin = 3
	gramMax = 5
)

// gramHashes calls each with a hash (FNV-1a over runes) of every character n-gram of the word, the borders of the word counted
// as characters, so that beginnings and ends weigh too.
func gramHashes(word string, each func(uint32)) {
	var buf [64]rune
	runes := append(buf[:0], '<')
	for _, r := range word {
		runes = append(runes, r)
	}
	runes = append(runes, '>')
	for i := range runes {
		h := uint32(2166136261)
		for n := 1; n <= gramMax && i+n <= len(runes); n++ {
			h = (h ^ uint32(runes[i+n-1])) * 16777619
			if n >= gramMin {
				each(h ^ h>>15)
			}
		}
	}
}
