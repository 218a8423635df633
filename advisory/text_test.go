package advisory

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"pgregory.net/rapid"
)

func TestFoldBringsSpellingsTogether(t *testing.T) {
	for _, c := range []struct{ why, a, b string }{
		{"case", "MAIZE Éclair", "maize éclair"},
		{"French accents", "maïs brûlé", "mais brule"},
		{"composed and not", "e\u0301", "é"},
		{"nukta", "सब्ज़ी", "सब्जी"},
		{"chandrabindu", "पाँच", "पांच"},
		{"half nasal", "हिन्दी", "हिंदी"},
		{"half nasal before a labial", "लम्बा", "लंबा"},
		{"joiners", "क\u094d\u200dष", "क\u094dष"},
		{"harakat", "قَمْح", "قمح"},
		{"Ethiopic h", "ሐበሻ", "ሀበሻ"},
		{"Ethiopic s", "ሠላም", "ሰላም"},
		{"Ethiopic glottal", "ዓለም", "አለም"},
		{"Ethiopic ts", "ፀሐይ", "ጸሀይ"},
		{"apostrophes", "l’eau", "l'eau"},
		{"wide digits", "１２", "12"},
	} {
		if Fold(c.a) != Fold(c.b) {
			t.Errorf("%s: %q and %q become %q and %q", c.why, c.a, c.b, Fold(c.a), Fold(c.b))
		}
	}
	for _, c := range [][2]string{{"कल", "काल"}, {"ለ", "ሉ"}, {"పాలు", "పలు"}} { // vowel signs tell words apart
		if Fold(c[0]) == Fold(c[1]) {
			t.Errorf("%q and %q become one", c[0], c[1])
		}
	}
}

// A word of any script is one word: its vowel signs, viramas and subjoined letters do not part it.
func TestWordsStayWhole(t *testing.T) {
	for _, text := range []string{
		"मेरे मक्के के पत्तों में कीड़े हैं", "నా మొక్కజొన్న ఆకులలో పురుగులు ఉన్నాయి", "ನನ್ನ ಮೆಕ್ಕೆಜೋಳದ ಎಲೆಗಳಲ್ಲಿ ಹುಳುಗಳಿವೆ",
		"என் சோளத்தின் இலைகளில் புழுக்கள் உள்ளன", "আমার ভুট্টার পাতায় পোকা আছে", "በቆሎዬ ላይ ትል አለ", "mahindi yangu yana wadudu", "les vers mangent mon maïs",
	} {
		if got, want := len(Words(text)), len(strings.Fields(text)); got != want {
			t.Errorf("%q: %d words, want %d: %q", text, got, want, Words(text))
		}
	}
}

func TestWordsParts(t *testing.T) {
	for text, want := range map[string]string{
		"l'eau d’irrigation": "l eau d irrigation",
		"Ng'ombe wangu":      "ngombe wangu",
		"ng’ombe":            "ngombe",
		"2.5 kg/ha, 10%":     "2 5 kg ha 10",
		"क्या? हाँ।":         "क्या हां",
		"ምን ነው፧ በቆሎ፣ ጤፍ።":    "ምን ነው በቆሎ ጤፍ",
		" \t\n":                   "",
		"fall-armyworm\u0000leaf": "fall armyworm leaf",
	} {
		if got := strings.Join(Words(text), " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestFoldIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		once := Words(text)
		if twice := Words(strings.Join(once, " ")); !slices.Equal(once, twice) {
			t.Fatalf("%q: %q, then %q", text, once, twice)
		}
	})
}

// The quick way to fold must give what the slow one gives.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"Pulvérisez l’été – 1½ kg", "हिन्दी में क़लम, अँधेरा", "aु a1ु e\u0301 é\u0327", "ো \u09c7\u09be", "తెలుగు \u0c46\u0c56", "ሐመር ኣበባ", "क\u200dष “मटर”", "İıſß µ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		quick, ok := foldCommon(s)
		if slow := norm.NFC.String(foldAny(s)); ok && norm.NFC.String(quick) != slow {
			t.Errorf("%q folds to %q, want %q", s, quick, slow)
		}
	})
}
