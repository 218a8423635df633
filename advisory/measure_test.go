package advisory

import (
	"fmt"
	"strings"
	"testing"
)

// shown writes a measure for comparison: low-high unit /per.
func shown(m Measure) string {
	s := fmt.Sprintf("%.6g", m.Low)
	if m.High != m.Low {
		s += fmt.Sprintf("-%.6g", m.High)
	}
	s = strings.TrimSpace(s + " " + m.Unit)
	for _, p := range m.Per {
		s += fmt.Sprintf(" /%.6g %s", p.Value, p.Unit)
	}
	return s
}

func TestMeasures(t *testing.T) {
	for _, c := range []struct {
		lang Lang
		text string
		want string // measures parted by "; "
	}{
		{"en", "Mix 2 ml per litre of water.", "2 ml /1000 ml"},
		{"en", "2-3 g/l", "2-3 g /1000 ml"},
		{"en", "Spray 400 ML /200 LITRES OF WATER / ACRE", "400 ml /200000 ml /1 acre"},
		{"en", "3 GM OF MANCOZEB FOR 1 KG SEEDS", "3 g /1000 g"},
		{"en", "in 10 litres of water mix 20 g", "10000 ml; 20 g"},
		{"en", "1.5 kg per hectare", "1500 g /10000 m2"},
		{"en", "1,000 plants, 1,5 litres", "1000; 1500 ml"},
		{"en", "dig pits 20 to 40 cm wide, 15 cm to 20 cm deep", "0.2-0.4 m; 0.15-0.2 m"},
		{"en", "rows 75 by 25 cm", "0.75 m; 0.25 m"},
		{"en", "half a litre, two weeks, one of them", "500 ml; 20160 minute"},
		{"en", "two or three weeks after planting", "20160-30240 minute"},
		{"en", "between 20 and 30 days", "28800-43200 minute"},
		{"en", "1/2 kg of urea for each plant", "500 g /1 plant"},
		{"en", "Carbofuran 3G granules 8 to 10 kg per acre", "3 formulation; 8000-10000 g /1 acre"},
		{"en", "dry it to 13 percent, at 30 °C", "13 percent; 30 celsius"},
		{"en", "50 g per plant per year", "50 g /1 plant /12 month"},
		{"en", "100 kg per hectare in 3 splits", "100000 g /10000 m2; 3"},
		{"hi", "2 मिली प्रति लीटर पानी", "2 ml /1000 ml"},
		{"hi", "१ लीटर पानी में २ मिली दवा", "2 ml /1000 ml"},
		{"hi", "20 से 25 दिन बाद डेढ़ किलो", "28800-36000 minute; 1500 g"},
		{"hi", "प्रति हेक्टेयर 50 किलो यूरिया", "50000 g /10000 m2"},
		{"sw", "siku 7 hadi 10, kilo 50 kwa ekari", "10080-14400 minute; 50000 g /1 acre"},
		{"sw", "mita 2 kwa mita 3, sm 75 kwa 30, saa ya 12", "2 m; 3 m; 0.75 m; 0.3 m; 720 minute"},
		{"sw", "kila wiki mbili weka gramu 20 kwa kila lita 10 za maji", "20160 minute; 20 g /10000 ml"},
		{"sw", "Kwa hekta 1 gramu 150 hadi 200", "150-200 g /10000 m2"},
		{"en", "one sample for each 0.5 hectare.", "5000 m2"}, // nothing is reckoned on it
		{"en", "a square of 10 by ten metres", "10 m; 10 m"},
		{"fr", "entre 4 et dix semaines", "40320-100800 minute"},
		{"fr", "de 20 à 40 cm, tous les 7 jours", "0.2-0.4 m; 10080 minute"},
		{"fr", "un demi-litre par plante, 20 000 plants", "500 ml /1 plante; 20000"},
		{"te", "400 గ్రాములు / 200 లీటర్ల నీటికి చొప్పున కలిపి ఎకరాకు", "400 g /200000 ml /1 acre"},
		{"te", "3 గ్రాములు లీటరు నీటికి కలిపి", "3 g /1000 ml"},
	} {
		var got []string
		for _, m := range Measures(c.text, c.lang) {
			got = append(got, shown(m))
		}
		if s := strings.Join(got, "; "); s != c.want {
			t.Errorf("%s %q:\n got %s\nwant %s", c.lang, c.text, s, c.want)
		}
	}
}

func FuzzMeasures(f *testing.F) {
	for _, s := range []string{"2-3 g/l", "1/2 kg of urea a plant", "siku 7 hadi 10", "४०० ग्राम / २०० लीटर", "between 20 and 30 days", "19:19:19 @ 1,5 kg", "per litre of", "/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		words := len(Words(s))
		for _, lang := range []Lang{"en", "sw"} {
			for _, m := range Measures(s, lang) {
				if m.At < 0 || m.End <= m.At || m.End > words {
					t.Errorf("%q: a measure at words %d to %d of %d", s, m.At, m.End, words)
				}
				if m.High < m.Low {
					t.Errorf("%q: from %g down to %g", s, m.Low, m.High)
				}
			}
		}
		for _, c := range Chemicals(s) {
			if c.At < 0 || c.End > words {
				t.Errorf("%q: a chemical at words %d to %d of %d", s, c.At, c.End, words)
			}
		}
	})
}
