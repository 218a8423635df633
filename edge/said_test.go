package edge

import (
	"net/http"
	"strings"
	"testing"
)

// What the page and the kiosk say of themselves is heard in every language that has a voice; what has slots, or is said with an answer
// alone, is not.
func TestMessagesAreSaid(t *testing.T) {
	s := newTestServer(t)
	for path, want := range map[string]int{
		"consent_words/sound?lang=en": http.StatusOK, "kiosk_talk/sound?lang=sw": http.StatusOK, "error_busy/sound?lang=en": http.StatusOK,
		"confirm_how/sound?lang=en": http.StatusOK, "thanks/sound": http.StatusOK,
		"error_no_voice/sound?lang=en": http.StatusNotFound, "unsure_silence/sound?lang=en": http.StatusNotFound, "kiosk_none/sound?lang=en": http.StatusNotFound,
		"page_thanks/sound?lang=en": http.StatusNotFound,
	} {
		w := get(t, s, "/v1/messages/"+path)
		if w.Code != want || want == http.StatusOK && !strings.HasPrefix(w.Body.String(), "RIFF") {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
}
