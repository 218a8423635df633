package voice

import (
	"regexp"

	"jembe/advisory"
)

// spokenUnits are the words for units as they are written short, which a synthetic voice would spell: one, and several.
var spokenUnits = map[advisory.Lang]map[string][2]string{
	"en": {
		"mm": {"millimetre", "millimetres"}, "cm": {"centimetre", "centimetres"}, "m": {"metre", "metres"}, "km": {"kilometre", "kilometres"},
		"mg": {"milligram", "milligrams"}, "g": {"gram", "grams"}, "kg": {"kilogram", "kilograms"}, "t": {"tonne", "tonnes"},
		"ml": {"millilitre", "millilitres"}, "l": {"litre", "litres"}, "ha": {"hectare", "hectares"}, "°C": {"degree", "degrees"},
	},
	"fr": {
		"mm": {"millimètre", "millimètres"}, "cm": {"centimètre", "centimètres"}, "m": {"mètre", "mètres"}, "km": {"kilomètre", "kilomètres"},
		"mg": {"milligramme", "milligrammes"}, "g": {"gramme", "grammes"}, "kg": {"kilo", "kilos"}, "t": {"tonne", "tonnes"},
		"ml": {"millilitre", "millilitres"}, "l": {"litre", "litres"}, "ha": {"hectare", "hectares"}, "°C": {"degré", "degrés"},
	},
	"sw": {
		"mm": {"milimita", "milimita"}, "sm": {"sentimita", "sentimita"}, "cm": {"sentimita", "sentimita"}, "m": {"mita", "mita"}, "km": {"kilomita", "kilomita"},
		"mg": {"miligramu", "miligramu"}, "g": {"gramu", "gramu"}, "kg": {"kilo", "kilo"}, "t": {"tani", "tani"},
		"ml": {"mililita", "mililita"}, "l": {"lita", "lita"}, "ha": {"hekta", "hekta"}, "°C": {"digrii", "digrii"},
	},
	"hi": {
		"mm": {"मिलीमीटर", "मिलीमीटर"}, "मिमी": {"मिलीमीटर", "मिलीमीटर"}, "cm": {"सेंटीमीटर", "सेंटीमीटर"}, "सेमी": {"सेंटीमीटर", "सेंटीमीटर"}, "m": {"मीटर", "मीटर"}, "km": {"किलोमीटर", "किलोमीटर"},
		"mg": {"मिलीग्राम", "मिलीग्राम"}, "g": {"ग्राम", "ग्राम"}, "kg": {"किलो", "किलो"}, "किग्रा": {"किलो", "किलो"},
		"ml": {"मिलीलीटर", "मिलीलीटर"}, "मिली": {"मिलीलीटर", "मिलीलीटर"}, "l": {"लीटर", "लीटर"}, "ha": {"हेक्टेयर", "हेक्टेयर"}, "°C": {"डिग्री", "डिग्री"},
	},
}

// A unit is taken for one next to a number alone, after it ("5 kg", "2-3kg") or, as in Swahili, before it ("sm 15").
var (
	unitAfter  = regexp.MustCompile(`([0-9०-९]+(?:[.,][0-9०-९]+)?)[ \x{a0}]?(°C|[\p{L}\p{M}]+)`)
	unitBefore = regexp.MustCompile(`(^|[^\p{L}\p{M}])([a-z]{1,2}) ([0-9]+(?:[.,][0-9]+)?)`)
)

// wordNg is ng' at the beginning of a Swahili word, as in ng'ombe, a cow: espeak-ng 1.51 spells the word there, and says it well
// within one.
var wordNg = regexp.MustCompile(`(^|[^\p{L}\p{M}'’])([Nn])g['’](\p{L})`)

// asSpoken writes a text so that espeak-ng says it as people do. It comes after sayable: what it puts in are orders to espeak-ng.
func asSpoken(lang advisory.Lang, text string) string {
	text = sayUnits(lang, text)
	if lang == "sw" {
		text = wordNg.ReplaceAllString(text, "$1[[N]]$3") // the sound of ng in king
	}
	return text
}

// sayUnits writes the units of a text out as they are said: "30 cm" becomes "30 centimetres".
func sayUnits(lang advisory.Lang, text string) string {
	words := spokenUnits[lang]
	if words == nil {
		return text
	}
	say := func(unit, number, as string) string {
		if w, ok := words[unit]; ok {
			if number == "1" {
				return w[0]
			}
			return w[1]
		}
		return as
	}
	text = unitAfter.ReplaceAllStringFunc(text, func(found string) string {
		m := unitAfter.FindStringSubmatch(found)
		if spoken := say(m[2], m[1], ""); spoken != "" {
			return m[1] + " " + spoken
		}
		return found
	})
	if lang != "sw" {
		return text
	}
	return unitBefore.ReplaceAllStringFunc(text, func(found string) string {
		m := unitBefore.FindStringSubmatch(found)
		return m[1] + say(m[2], m[3], m[2]) + " " + m[3]
	})
}
