package advisory

import (
	"slices"
	"strings"
	"testing"
)

func TestChemicals(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"spray monocrotophos 36 SL", "monocrotophos"},
		{"use monocroptofos", "monocrotophos"},   // as people hear it
		{"mono crotophos 2 ml", "monocrotophos"}, // written apart
		{"spray ROGOR @ 2 ml", "dimethoate"},     // a brand
		{"मोनोक्रोटोफॉस छिड़कें", "monocrotophos"},
		{"मोनोक्रोटोफास का छिड़काव", "monocrotophos"}, // another spelling, by its consonants
		{"మోనోక్రోటోఫాస్ పిచికారి", "monocrotophos"},
		{"মনোক্রোটোফস স্প্রে", "monocrotophos"},
		{"m o n o c r o t o p h o s 2 ml", "monocrotophos"}, // letter by letter
		{"the p-a-r-a-q-u-a-t", "paraquat"},
		{"मो नो क्रो टो फॉस", "monocrotophos"},
		{"पै-रा-क्वा-ट", "paraquat"},
		{"mono\u200bcroto\u200bphos", "monocrotophos"},         // parted by what is not seen
		{"m\u043en\u043ecrot\u043eph\u043es", "monocrotophos"}, // Cyrillic letters
		{"मोनोकोटोफास", "monocrotophos"},                       // a consonant short
		{"ሞኖክሮቶፎስ ይርጩ", "monocrotophos"},
		{"लिन्डेन का पाउडर", "lindane"},
		{"नीचे के पुराने पत्ते पूरे फीके होते हैं", ""},
		{"if it is so, do as I do in a pit", ""},
		{"indofil M-45 at 2 g", "mancozeb"},
		{"endosulphan dust", "endosulfan"},
		{"seven days later, in the region of the parents", ""},
		{"common salt, sulphur and phosphate", ""},
		{"tracel 2 g per litre", ""}, // a micronutrient, one letter from a brand
	} {
		got := ""
		if found := Chemicals(c.text); len(found) > 0 {
			got = found[0].Name
		}
		if got != c.want {
			t.Errorf("%q names %q, want %q", c.text, got, c.want)
		}
	}
}

func TestChemicalRules(t *testing.T) {
	crops := []Concept{{ID: "potato", Kind: Crop}, {ID: "guava", Kind: Crop}}
	for _, id := range strings.Fields("sorghum pea soybean castor sunflower okra brinjal cauliflower radish turnip tomato apple mango grape") {
		crops = append(crops, Concept{ID: id, Kind: Crop})
	}
	lex := NewLexicon(crops)
	for _, c := range []struct {
		lang    Lang
		country string
		crops   []string
		text    string
		want    []Rule
	}{
		{"en", "IN", nil, "Spray monocrotophos at 2 ml per litre.", []Rule{RuleBanned}},
		{"en", "KE", nil, "Spray monocrotophos.", []Rule{RuleBanned}}, // Rotterdam and WHO hold everywhere
		{"en", "IN", nil, "Never use monocrotophos.", nil},
		{"en", "IN", nil, "Monocrotophos is banned, do not buy it.", nil},
		{"en", "IN", nil, "Do not use endosulfan, phorate or monocrotophos.", nil},
		{"en", "IN", nil, "Do not wait, spray monocrotophos.", []Rule{RuleBanned}},
		{"en", "IN", nil, "Do not use urea but spray phorate.", []Rule{RuleBanned}},
		{"en", "IN", nil, "Never forget to use endosulfan.", []Rule{RuleBanned}},
		{"en", "IN", nil, "Never use less than 5 g of phorate.", []Rule{RuleBanned}},
		{"en", "IN", nil, "Benomyl may be used if nothing else is there.", []Rule{RuleBanned}},
		{"en", "IN", nil, "Never use water. Use carbofuran.", []Rule{RuleBanned}},
		{"en", "IN", []string{"guava"}, "Spray mancozeb.", []Rule{RuleRestricted}},
		{"en", "IN", []string{"potato"}, "Spray mancozeb.", nil},
		{"en", "IN", []string{AnyCrop}, "Spray mancozeb.", []Rule{RuleRestricted}},
		{"en", "IN", nil, "Spray mancozeb.", nil},                     // banned on a few crops, and nobody knows the crop
		{"en", "IN", nil, "Spray malathion.", []Rule{RuleRestricted}}, // on many
		{"en", "IN", nil, "Spray imidacloprid.", nil},
		{"en", "KE", nil, "Spray imidacloprid.", []Rule{RuleUnlisted}},
		{"en", "", nil, "Spray imidacloprid.", []Rule{RuleUnlisted}},
		{"en", "KE", nil, "Spray neem, or soap and water.", nil},
		{"hi", "IN", nil, "मोनोक्रोटोफॉस का छिड़काव करें।", []Rule{RuleBanned}},
		{"hi", "IN", nil, "मोनोक्रोटोफॉस कभी न डालें।", nil},
		{"hi", "IN", nil, "मोनोक्रोटोफॉस डालना न भूलें।", []Rule{RuleBanned}},
		{"sw", "KE", nil, "Usitumie kamwe endosulfan.", nil},
		{"sw", "KE", nil, "Puliza endosulfan.", []Rule{RuleBanned}},
		{"sw", "KE", nil, "Usisahau kupuliza endosulfan.", []Rule{RuleBanned}},
		{"fr", "BF", nil, "N'utilisez jamais l'endosulfan.", nil},
		{"fr", "BF", nil, "Pulvérisez l'endosulfan.", []Rule{RuleBanned}},
		{"fr", "BF", nil, "N'oubliez pas de pulvériser l'endosulfan.", []Rule{RuleBanned}},
	} {
		got := ChemicalRules(c.text, Standard{Lexicon: lex, Country: c.country, Lang: c.lang, Crops: c.crops})
		if !slices.Equal(got, c.want) {
			t.Errorf("%s %s %v %q fell at %v, want %v", c.lang, c.country, c.crops, c.text, got, c.want)
		}
	}
}
