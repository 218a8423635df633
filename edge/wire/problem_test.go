package wire

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"testing"

	"jembe/advisory"
)

func TestStatusOfEveryCode(t *testing.T) {
	if Status("no such code") != 500 || Status(advisory.Busy) != 503 {
		t.Error("status table")
	}
	for code, status := range statuses {
		if http.StatusText(status) == "" || Message(&advisory.Error{Code: code}, "sw") == "error_"+string(code) {
			t.Errorf("%s: status %d, or no message", code, status)
		}
	}
	var b bytes.Buffer
	if err := WriteProblem(&b, AsError(errors.New("boom")), "en"); err != nil || !strings.Contains(b.String(), `"code":"internal"`) || strings.Contains(b.String(), "boom") {
		t.Errorf("%s %v", b.String(), err)
	}
}
