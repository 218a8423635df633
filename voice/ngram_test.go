package voice

import (
	"bytes"
	"math"
	"strings"
	"testing"
)

func model(sentences ...string) *ngrams {
	var words [][]string
	for _, s := range sentences {
		words = append(words, strings.Fields(s))
	}
	return countNgrams(words)
}

// probabilityAfter follows the back-off rule as a reader of the ARPA file does.
func probabilityAfter(m *ngrams, context []string, word string) float64 {
	gram := strings.Join(append(append([]string{}, context...), word), " ")
	if _, ok := m.counts[len(context)+1][gram]; ok {
		return m.probability(gram, len(context)+1)
	}
	return m.backoff(strings.Join(context, " ")) * probabilityAfter(m, context[1:], word)
}

func TestNgramsSumToOne(t *testing.T) {
	m := model("my maize is yellow", "my maize is dry", "my goat is ill", "how do i dry maize", "is my maize dry")
	for _, context := range []string{"", "my", "<s>", "my maize", "maize is", "<s> my", "dry maize"} {
		sum := 0.0
		for _, w := range append(m.words(), sentenceEnd) {
			sum += probabilityAfter(m, strings.Fields(context), w)
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Errorf("after %q: %v", context, sum)
		}
	}
}

func TestNgramsWittenBell(t *testing.T) {
	m := model("a b", "a c", "a b")
	// Unigrams: 9 tokens (a a a b b c and three ends) of 4 types: p(b) = (2 + 4/4) / (9+4).
	if got := m.probability("b", 1); math.Abs(got-3.0/13) > 1e-12 {
		t.Errorf("p(b) = %v", got)
	}
	// After a: 3 tokens of 2 types: p(b|a) = (2 + 2 p(b)) / (3+2).
	if got := m.probability("a b", 2); math.Abs(got-(2+2*3.0/13)/5) > 1e-12 {
		t.Errorf("p(b|a) = %v", got)
	}
	if got := m.backoff("a"); math.Abs(got-2.0/5) > 1e-12 {
		t.Errorf("back-off of a: %v", got)
	}
}

func TestWriteARPA(t *testing.T) {
	var b bytes.Buffer
	if err := model("a b").writeARPA(&b); err != nil {
		t.Fatal(err)
	}
	want := `\data\
ngram 1=4
ngram 2=3
ngram 3=2

\1-grams:
-99 <s> -0.3010
-0.4771 </s> 0.0000
-0.4771 a -0.3010
-0.4771 b -0.3010

\2-grams:
-0.1761 <s> a -0.3010
-0.1761 a b -0.3010
-0.1761 b </s> 0.0000

\3-grams:
-0.0792 <s> a b
-0.0792 a b </s>

\end\
`
	if b.String() != want {
		t.Errorf("got\n%s\nwanted\n%s", b.String(), want)
	}
}

func BenchmarkNgrams(b *testing.B) {
	sentences := [][]string{}
	for _, text := range libraryTexts(b) {
		for _, s := range splitSentences(text) {
			sentences = append(sentences, spokenWords(s))
		}
	}
	for b.Loop() {
		var out bytes.Buffer
		if err := countNgrams(sentences).writeARPA(&out); err != nil {
			b.Fatal(err)
		}
	}
}
