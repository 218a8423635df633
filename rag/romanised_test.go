package rag

import "testing"

func TestSoundKey(t *testing.T) {
	for devanagari, latin := range map[string][]string{
		"पत्ते":  {"patte", "pathe", "pate"},
		"मिट्टी": {"mitti", "miti"},
		"गर्दन":  {"gardan", "gardn"},
		"झुलसा":  {"jhulsa", "julsa"},
		"आंख":    {"aankh", "ankh", "aakh"},
		"खाद":    {"khad", "khaad"},
		"फल":     {"phal", "fal"},
		"वाला":   {"wala", "vala"},
	} {
		want := soundKey(devanagari)
		for _, l := range latin {
			if got := soundKey(l); got != want || got == "" {
				t.Errorf("%s: %q, %s: %q", devanagari, want, l, got)
			}
		}
	}
	for _, pair := range [][2]string{{"पत्ते", "fal"}, {"खाद", "beej"}, {"आम", "mai"}} {
		if a, b := soundKey(pair[0]), soundKey(pair[1]); a == b && a != "" {
			t.Errorf("%s and %s both sound %q", pair[0], pair[1], a)
		}
	}
}
