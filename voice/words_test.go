package voice

import (
	"context"
	"slices"
	"strings"
	"testing"
)

func TestSplitSentences(t *testing.T) {
	for text, want := range map[string][]string{
		"":                         nil,
		"Water it. Then wait!":     {"Water it.", "Then wait!"},
		"Use 2.5 kg. It is enough": {"Use 2.5 kg.", "It is enough"},
		"one\n\ntwo\n":             {"one", "two"},
		"पानी दें। रुकें।":             {"पानी दें।", "रुकें।"},
		"ውሃ አጠጣ። ጠብቅ።":                 {"ውሃ አጠጣ።", "ጠብቅ።"},
		"What now?No space, one piece": {"What now?No space, one piece"},
	} {
		if got := splitSentences(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func TestSpokenWords(t *testing.T) {
	for text, want := range map[string]string{
		"How do I stop Fall-Armyworm?":  "how do i stop fall armyworm",
		"the plant's leaves don’t grow": "the plant's leaves don't grow",
		"'quoted'":                      "quoted",
		"75 cm, 5kg and 110 plants":     "seventy five cm five kg and one hundred ten plants",
		"in 2026":                       "in two thousand twenty six",
		"20000 or 7000000":              "twenty thousand or",
		"पानी - 10%":                    "ten",
		"H5N1":                          "",
	} {
		if got := strings.Join(spokenWords(text), " "); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func TestToARPAbet(t *testing.T) {
	for mnemonics, want := range map[string]string{
		"'A@mI2w,3:m":  "AA R M IH W ER M",    // armyworm
		"n'eIpi;3":     "N EY P IY ER",        // napier
		"str'i:g@":     "S T R IY G AH",       // striga
		"z'aI":         "Z AY",                // zai
		"f'VNgI2s,aId": "F AH NG G IH S AY D", // fungicide
		"m'aaNkoUz@b":  "M AE NG K OW Z AH B", // mancozeb
		"tS'IliI2z":    "CH IH L IY IH Z",
	} {
		if got, ok := toARPAbet(mnemonics); !ok || got != want {
			t.Errorf("%s: %q, %v", mnemonics, got, ok)
		}
	}
	for _, mnemonics := range []string{"", "'", "Q2", "x^9"} {
		if got, ok := toARPAbet(mnemonics); ok {
			t.Errorf("%q became %q", mnemonics, got)
		}
	}
}

// cmuPhones are the phones of the CMU dictionary, on which the acoustic model was trained.
const cmuPhones = " AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH "

func TestARPAbetHasOnlyPhonesOfTheModel(t *testing.T) {
	for mnemonic, phones := range arpabet {
		for _, phone := range strings.Fields(phones) {
			if !strings.Contains(cmuPhones, " "+phone+" ") {
				t.Errorf("%s: %s", mnemonic, phone)
			}
		}
	}
}

func TestPronounce(t *testing.T) {
	requireTools(t, "espeak-ng")
	words := []string{"sukuma", "ppr", "ranikhet", "jassids", "whorls", "thuringiensis", "zai", "xanthomonas"}
	lines, err := pronounce(context.Background(), "espeak-ng", words)
	if err != nil || len(lines) != len(words) {
		t.Fatalf("%q, %v", lines, err)
	}
	if lines[0] != "sukuma S UW K UW M AH" || lines[5] != "thuringiensis TH Y UH R IH NG G IY N S IH S" {
		t.Errorf("%q", lines)
	}
}

func FuzzSpokenWords(f *testing.F) {
	f.Add("75 cm, 5kg")
	f.Add("don’t")
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range splitSentences(text) {
			for _, w := range spokenWords(s) {
				if w == "" || strings.Trim(w, "abcdefghijklmnopqrstuvwxyz'") != "" {
					t.Fatalf("%q in %q", w, text)
				}
			}
		}
		for _, p := range pieces(text, 50) {
			if n := len([]rune(p)); n == 0 || n > 50 {
				t.Fatalf("piece of %d characters", n)
			}
		}
	})
}
