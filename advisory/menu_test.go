package advisory

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func testMenu() Menu {
	leaf := func(n int, document string) Branch {
		return Branch{Number: n, Key: document, Document: document, Labels: map[Lang]string{"en": document}}
	}
	also := leaf(1, "blight")
	also.Also = true
	return Menu{
		{Number: 1, Key: "grain", Branches: Menu{{Number: 1, Key: "maize", Branches: Menu{also}}}},
		{Number: 2, Key: "vegetables", Labels: map[Lang]string{"en": "vegetables", "sw": "mboga"}, Branches: Menu{
			{Number: 1, Key: "tomato", Branches: Menu{leaf(1, "blight"), leaf(4, "miner")}},
		}},
	}
}

func TestAdviceByNumber(t *testing.T) {
	for text, want := range map[string]string{
		"2-1-4": "miner", "214": "miner", " 2 1 4 ": "miner", "two one four": "miner", "Two, one, four.": "miner", "२१४": "miner",
		"दो एक चार": "miner", "do ek chaar": "miner", "mbili moja nne": "miner", "deux un quatre": "miner", "२-1-four": "miner",
		"111": "blight", "2-1-1": "blight",
		"": "", "2-1": "", "21": "", "2-1-4-1": "", "2144": "", "2-1-2": "", "9-9-9": "", "2-0-4": "", "204": "", "half one four": "",
		"214 kg": "", "twenty one four": "", "2 bags 1 4": "", "two hundred fourteen": "",
	} {
		if got, ok := testMenu().Advice(text); got != want || ok != (want != "") {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// Whatever is said, a number is read only where three keys were meant, and each number reads as itself.
func TestNumbersReadBack(t *testing.T) {
	key := rapid.IntRange(1, 9)
	rapid.Check(t, func(t *rapid.T) {
		path := []int{key.Draw(t, "a"), key.Draw(t, "b"), key.Draw(t, "c")}
		number := FormatNumber(path)
		for _, text := range []string{number, strings.ReplaceAll(number, "-", ""), strings.ReplaceAll(number, "-", ", ")} {
			if got := parseNumber(text); !slices.Equal(got, path) {
				t.Fatalf("%q reads as %v", text, got)
			}
		}
		if got := parseNumber(rapid.String().Draw(t, "any")); got != nil && len(got) != MenuLevels {
			t.Fatalf("read %v", got)
		}
	})
}

func TestNumbersAreOfTheMainPlace(t *testing.T) {
	if got := testMenu().Numbers(); len(got) != 2 || got["blight"] != "2-1-1" || got["miner"] != "2-1-4" {
		t.Errorf("numbers: %v", got)
	}
}

func TestOnlyLeavesOutWhatIsNotHeld(t *testing.T) {
	m := testMenu().Only(func(id string) bool { return id == "miner" })
	if _, ok := m.At(1); ok || len(m.Numbers()) != 1 || len(testMenu().Numbers()) != 2 {
		t.Errorf("left: %+v", m)
	}
	if nothing := testMenu().Only(func(string) bool { return false }); len(nothing) > 0 {
		t.Errorf("left of nothing: %+v", nothing)
	}
}

func TestJoin(t *testing.T) {
	leaf := func(n int, id string) Menu {
		return Menu{{Number: 2, Key: "vegetables", Labels: map[Lang]string{"ha": "kayan lambu"}, Branches: Menu{
			{Number: 1, Key: "tomato", Branches: Menu{{Number: n, Key: id, Document: id}}}}}}
	}
	tests := []struct {
		name   string
		add    Menu
		number string // that must be own's
		own    string
		errs   int
	}{
		{"a free number", leaf(2, "own"), "2-1-2", "own", 0},
		{"a number that is taken", leaf(4, "own"), "2-1-4", "miner", 1},
		{"a second number", leaf(5, "miner"), "2-1-4", "miner", 1},
		{"the same again", leaf(4, "miner"), "2-1-4", "miner", 0},
		{"another branch's key", Menu{{Number: 2, Key: "fish", Branches: Menu{}}}, "2-1-4", "miner", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, errs := testMenu().Join(tt.add)
			if got, _ := m.Advice(tt.number); got != tt.own || len(errs) != tt.errs {
				t.Errorf("%s is %q; %v", tt.number, got, errs)
			}
		})
	}
	m, _ := testMenu().Join(leaf(2, "own"))
	if b, _ := m.At(2); b.Label("ha") != "kayan lambu" || b.Label("sw") != "mboga" || b.Label("fr") != "vegetables" {
		t.Errorf("labels: %v", b.Labels)
	}
}

func TestSpeechOfABranch(t *testing.T) {
	b, _ := testMenu().At(2)
	for lang, want := range map[Lang][]Speech{
		"sw": {{Text: "mboga", Lang: "sw", Label: true}, {Text: "2", Lang: "sw", Label: true}},
		"hi": {{Text: "vegetables", Lang: "en", Label: true}, {Text: "2", Lang: "hi", Label: true}},
	} {
		if got := b.Speech(lang); !slices.Equal(got, want) {
			t.Errorf("%s: %+v", lang, got)
		}
	}
}
