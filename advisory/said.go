package advisory

import (
	"slices"
	"strings"
)

// onlyRead begin the keys of texts that stand on a page or on paper, and are never said.
var onlyRead = []string{"page_", "print_", "setup_", "word_"}

// saidOfPage are the texts of the farmer's page that are said all the same, to those who do not read; one that ends in "_" stands for
// all that begin with it.
var saidOfPage = []string{
	"page_bulletin_", "page_code_label", "page_code_picture", "page_consent_words", "page_consent_voice", "page_escalated", "page_followup_done",
	"page_followup_helped", "page_followup_skip", "page_followup_thanks", "page_followup_why", "page_no", "page_no_microphone", "page_no_number", "page_picture_", "page_taken_back",
	"page_thanks", "page_too_soon", "page_why_", "page_yes",
}

// Said reports whether the text of a key is said to farmers: a person can read it into the box, and it can be asked for as sound.
func Said(key string) bool {
	begins := func(with string) bool { return strings.HasPrefix(key, with) }
	of := func(said string) bool { return key == said || strings.HasSuffix(said, "_") && begins(said) }
	return !slices.ContainsFunc(onlyRead, begins) || slices.ContainsFunc(saidOfPage, of)
}
