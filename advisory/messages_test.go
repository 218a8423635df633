package advisory

import (
	"regexp"
	"slices"
	"testing"
)

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

func TestEveryLanguageHasEveryMessage(t *testing.T) {
	if got := MessageLangs(); !slices.Equal(got, []Lang{"en", "fr", "hi", "sw"}) {
		t.Fatalf("languages %v", got)
	}
	english := catalogs["en"]
	for lang, texts := range catalogs {
		for key, want := range english {
			got, ok := texts[key]
			if !ok || got == "" {
				t.Errorf("%s has no text for %s", lang, key)
				continue
			}
			a, b := placeholder.FindAllString(want, -1), placeholder.FindAllString(got, -1)
			slices.Sort(a)
			slices.Sort(b)
			if !slices.Equal(a, b) {
				t.Errorf("%s: %s has placeholders %v, English has %v", lang, key, b, a)
			}
		}
		for key := range texts {
			if _, ok := english[key]; !ok {
				t.Errorf("%s has a text for %s, which English has not", lang, key)
			}
		}
	}
}

func TestEveryOutcomeAndErrorHasAMessage(t *testing.T) {
	for l := range catalogs {
		has(t, "lang_"+string(l))
	}
	for _, r := range []Reason{NoEvidence, Elsewhere, Silence, NotHeard, TooLittle, CallVet, Poisoned, Unapproved, Misheard} {
		has(t, "unsure_"+string(r))
	}
	for _, r := range []Reason{OffTopic, Harm, Medicine, OthersData, Machine, Despair} {
		has(t, "refused_"+string(r))
	}
	for _, r := range []Reason{WhichCrop, WhichProblem, Confirm} {
		has(t, "clarify_"+string(r))
	}
	for _, c := range []Code{BadRequest, EmptyQuestion, TextTooLong, BadAudio, TooLarge, UnknownLang, BadWord, NoRecogniser, NoVoice, NotFound, WrongCode, TooManyTries,
		CorruptPack, DiskFull, PortTaken, Busy, Forbidden, Unreachable, Internal} {
		has(t, "error_"+string(c))
	}
}

func has(t *testing.T, key string) {
	t.Helper()
	if catalogs["en"][key] == "" {
		t.Errorf("no message %s", key)
	}
}

func TestSay(t *testing.T) {
	if got := Say("sw", "foreign", "language", "Kiingereza"); got != "Habari hii ninayo kwa Kiingereza tu." {
		t.Error(got)
	}
	if got, want := Say("zz", "lang_name"), "English"; got != want {
		t.Errorf("a language without texts gets English, not %q", got)
	}
}

func TestParseLang(t *testing.T) {
	for tag, want := range map[string]Lang{"sw": "sw", "sw-KE": "sw", "FR_fr": "fr", "": ""} {
		if got, ok := ParseLang(tag); got != want || !ok {
			t.Errorf("%q: %q %v", tag, got, ok)
		}
	}
	for _, tag := range []string{"xx", "te", "-", "englisch"} {
		if _, ok := ParseLang(tag); ok {
			t.Errorf("%q is no language of ours", tag)
		}
	}
}
