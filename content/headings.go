package content

import "jembe/advisory"

// shapes says which headings a kind of document has.
var shapes = map[string]string{
	"pest": "trouble", "disease": "trouble", "animal-health": "trouble",
	"practice": "practice", "storage": "practice", "business": "practice",
	"safety": "safety",
}

// headings are the fixed headings of a shape in each language that has them. Fixed headings let people find the same thing in the
// same place of every document, and let the box know which part says what to do.
var headings = map[advisory.Lang]map[string][]string{
	"en": {
		"trouble":  {"How to know it", "What looks like it", "What to do now", "How to prevent it", "When to call for help"},
		"practice": {"Why it matters", "What you need", "What to do", "Common mistakes", "When to call for help"},
		"safety":   {"How to know it", "What to do now", "What never to do", "How to prevent it", "When to call for help"},
	},
	"hi": {
		"trouble":  {"कैसे पहचानें", "इससे मिलता-जुलता क्या है", "अभी क्या करें", "कैसे बचाव करें", "मदद कब बुलाएँ"},
		"practice": {"यह क्यों ज़रूरी है", "क्या चाहिए", "क्या करें", "आम गलतियाँ", "मदद कब बुलाएँ"},
		"safety":   {"कैसे पहचानें", "अभी क्या करें", "क्या कभी न करें", "कैसे बचाव करें", "मदद कब बुलाएँ"},
	},
	"sw": {
		"trouble":  {"Jinsi ya kuitambua", "Kinachofanana nayo", "Fanya nini sasa", "Jinsi ya kuzuia", "Lini kuomba msaada"},
		"practice": {"Kwa nini ni muhimu", "Unachohitaji", "Cha kufanya", "Makosa ya kawaida", "Lini kuomba msaada"},
		"safety":   {"Jinsi ya kuitambua", "Fanya nini sasa", "Usifanye kamwe", "Jinsi ya kuzuia", "Lini kuomba msaada"},
	},
	"fr": {
		"trouble":  {"Comment le reconnaître", "Ce qui lui ressemble", "Que faire maintenant", "Comment l'éviter", "Quand demander de l'aide"},
		"practice": {"Pourquoi c'est important", "Ce qu'il faut", "Que faire", "Erreurs fréquentes", "Quand demander de l'aide"},
		"safety":   {"Comment le reconnaître", "Que faire maintenant", "Ce qu'il ne faut jamais faire", "Comment l'éviter", "Quand demander de l'aide"},
	},
}

// bodyWords is how long a body should be in words, by language; languages say the same in more or fewer words.
var bodyWords = map[advisory.Lang][2]int{
	"en": {250, 500},
	"hi": {250, 560},
	"sw": {200, 500},
	"fr": {250, 560},
}
