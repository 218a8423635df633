package advisory

import "testing"

// The words of a content in which every word below stands, with some that sound like them.
var hindiContent = []string{"पत्ते पत्ता पत्ती पत्ते", "मिट्टी मोटी माटी", "गर्दन झुलसा आंख खाद फल वाला वाले सड़ना गेहूं है दवाई दवा कृमिनाशक बकरियों नहीं रहा रहे मेमने सिंचाई सींचे ज्ञान कद्दू किया के में मैं"}

func TestHindiInLatinLettersIsRead(t *testing.T) {
	r := newRomaniser(nil, hindiContent)
	for native, typed := range map[string][]string{
		"पत्ते":    {"patte", "pathe", "pate"},
		"पत्ती":    {"patti", "pattee"},
		"मिट्टी":   {"mitti", "miti", "mittee"},
		"गर्दन":    {"gardan", "gardn", "gardhan"},
		"झुलसा":    {"jhulsa", "julsa", "jhulasa"},
		"आंख":      {"aankh", "ankh", "aakh"},
		"खाद":      {"khad", "khaad"},
		"फल":       {"phal", "fal"},
		"वाला":     {"wala", "vala"},
		"सडना":     {"sadna", "sarna"},
		"गेहूं":    {"gehu", "gehun", "gehoon"},
		"दवाई":     {"dawai", "davai", "dawaai", "dawayi"},
		"कृमिनाशक": {"kriminashak", "krimi" + "nasak"},
		"बकरियों":  {"bakriyo", "bakriyon", "bakariyon"},
		"नहीं":     {"nahi", "nahin", "nhi"},
		"रहा":      {"raha", "rha"},
		"सिंचाई":   {"sinchai", "sichai"},
		"ज्ञान":    {"gyan"},
		"मैंने":    {"maine", "mene"}, // of the phrases of danger, and no lamb
	} {
		for _, w := range typed {
			if got := r.read(w); got != native {
				t.Errorf("%s is read as %q, not %s", w, got, native)
			}
		}
	}
}

func TestOtherWordsAreNotRead(t *testing.T) {
	r := newRomaniser(nil, hindiContent)
	for _, w := range []string{"byaj", "fungicide", "npk", "h", "x5", "50", "tractor", "petrol", "खाद"} {
		if got := r.read(w); got != "" {
			t.Errorf("%s is read as %s", w, got)
		}
	}
}

func TestNativeKeepsThePlacesOfWords(t *testing.T) {
	lex := NewLexicon(nil, hindiContent...)
	for in, want := range map[string]string{
		"Patte, DAP 5.1 gehu?": "पत्ते dap 5 1 गेहूं",
		"no such words":        "no such words",
		"पत्ते petrol":         "पत्ते petrol",
	} {
		if got := lex.Native(in, "hi"); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
	if got := lex.Native("patte", "sw"); got != "patte" {
		t.Errorf("Swahili became %q", got)
	}
}
