package wire

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"jembe/advisory"
)

// statuses is the HTTP status of each code.
var statuses = map[advisory.Code]int{
	advisory.BadRequest:    http.StatusBadRequest,
	advisory.EmptyQuestion: http.StatusBadRequest,
	advisory.BadWord:       http.StatusBadRequest,
	advisory.TextTooLong:   http.StatusRequestEntityTooLarge,
	advisory.BadAudio:      http.StatusBadRequest,
	advisory.TooLarge:      http.StatusRequestEntityTooLarge,
	advisory.UnknownLang:   http.StatusBadRequest,
	advisory.NoRecogniser:  http.StatusUnprocessableEntity,
	advisory.NoVoice:       http.StatusUnprocessableEntity,
	advisory.NotFound:      http.StatusNotFound,
	advisory.WrongCode:     http.StatusNotFound,
	advisory.TooManyTries:  http.StatusTooManyRequests,
	advisory.CorruptPack:   http.StatusUnprocessableEntity,
	advisory.DiskFull:      http.StatusInsufficientStorage,
	advisory.PortTaken:     http.StatusConflict,
	advisory.Busy:          http.StatusServiceUnavailable,
	advisory.Forbidden:     http.StatusForbidden,
	advisory.Unreachable:   http.StatusBadGateway,
	advisory.Internal:      http.StatusInternalServerError,
}

// Status gives the HTTP status of a code; 500 for one it does not know.
func Status(c advisory.Code) int {
	if status, ok := statuses[c]; ok {
		return status
	}
	return http.StatusInternalServerError
}

// Problem is an error as RFC 9457 has it, with the code and what an operator can do.
type Problem struct {
	Type   string        `json:"type"`
	Title  string        `json:"title"`
	Status int           `json:"status"`
	Detail string        `json:"detail"` // for people, in their language
	Code   advisory.Code `json:"code"`
	Hint   string        `json:"hint,omitempty"`
}

// NewProblem makes the Problem of an error for someone who reads lang.
func NewProblem(e *advisory.Error, lang advisory.Lang) Problem {
	return Problem{
		Type: "urn:jembe:error:" + string(e.Code), Title: strings.ReplaceAll(string(e.Code), "_", " "),
		Status: Status(e.Code), Detail: Message(e, lang), Code: e.Code, Hint: e.Hint,
	}
}

// WriteProblem writes the Problem of an error as one line of JSON.
func WriteProblem(w io.Writer, e *advisory.Error, lang advisory.Lang) error {
	return json.NewEncoder(w).Encode(NewProblem(e, lang))
}

// Message says an error to a person who reads lang (English when it is empty).
func Message(e *advisory.Error, lang advisory.Lang) string {
	var all []string
	for _, l := range advisory.MessageLangs() {
		all = append(all, advisory.Say(l, "lang_name"))
	}
	return advisory.Say(lang, "error_"+string(e.Code), "language", advisory.Say(lang, "lang_name"), "languages", strings.Join(all, ", "))
}

// AsError gives the *advisory.Error in err, or an Internal one around it.
func AsError(err error) *advisory.Error {
	if e := (*advisory.Error)(nil); errors.As(err, &e) {
		return e
	}
	return &advisory.Error{Code: advisory.Internal, Err: err}
}
