package voice

import (
	"testing"

	"jembe/advisory"
)

func TestAsSpoken(t *testing.T) {
	for _, c := range []struct {
		lang       advisory.Lang
		text, want string
	}{
		{"en", "Coat 1 kg of seed with 4 to 10 g.", "Coat 1 kilogram of seed with 4 to 10 grams."},
		{"en", "rows 75cm apart, 2.5 ml a litre, 35 °C", "rows 75 centimetres apart, 2.5 millilitres a litre, 35 degrees"},
		{"en", "Part m of 12 maize plants, 7 to 9 days", "Part m of 12 maize plants, 7 to 9 days"}, // no unit beside a number
		{"sw", "kina cha sm 15 hadi 20, kg 100 za mbolea, 5 l", "kina cha sentimita 15 hadi 20, kilo 100 za mbolea, 5 lita"},
		{"sw", "ya 12 na 15", "ya 12 na 15"},
		{"sw", "Ng'ombe na mbuzi; king'ora; wa ng’ombe", "[[N]]ombe na mbuzi; king'ora; wa [[N]]ombe"},
		{"en", "ng'ombe", "ng'ombe"},
		{"fr", "à 30 cm, 1 l d'eau", "à 30 centimètres, 1 litre d'eau"},
		{"hi", "30 सेमी दूर, 2 मिली प्रति लीटर, १५ kg", "30 सेंटीमीटर दूर, 2 मिलीलीटर प्रति लीटर, १५ किलो"},
		{"te", "30 cm", "30 cm"}, // no words for units in this language yet: as written
	} {
		if got := asSpoken(c.lang, c.text); got != c.want {
			t.Errorf("%s %q: %q, want %q", c.lang, c.text, got, c.want)
		}
	}
}
