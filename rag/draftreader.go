package rag

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"jembe/advisory"
)

// draftSchema is the form in which a model must write; the server holds it to that while it writes.
const draftSchema = `{"type":"object","properties":{"sentences":{"type":"array","maxItems":4,"items":{"type":"object",` +
	`"properties":{"text":{"type":"string"},"passages":{"type":"array","maxItems":4,"items":{"type":"integer"}}},` +
	`"required":["text","passages"]}}},"required":["sentences"]}`

// errForm says that what a model wrote has not the form of the schema.
var errForm = errors.New("not in the form of the schema")

// readDraft reads a draft while it is written, and gives each sentence to the function as soon as it is whole. Passages are
// counted from 1 and get their index in the request; a number that was not given gets -1, which no guard lets through.
func readDraft(r io.Reader, passages []int, each func(advisory.Sentence) error) error {
	d := json.NewDecoder(r)
	for _, want := range []json.Token{json.Delim('{'), "sentences", json.Delim('[')} {
		if err := expect(d, want); err != nil {
			return err
		}
	}
	for d.More() {
		var s struct {
			Text     string `json:"text"`
			Passages []int  `json:"passages"`
		}
		if err := d.Decode(&s); err != nil {
			return formError(err)
		}
		out := advisory.Sentence{Text: strings.Join(strings.Fields(s.Text), " ")}
		for _, n := range s.Passages {
			if n < 1 || n > len(passages) {
				out.Passages = append(out.Passages, -1)
			} else {
				out.Passages = append(out.Passages, passages[n-1])
			}
		}
		if out.Text == "" {
			continue
		}
		if err := each(out); err != nil {
			return err
		}
	}
	for _, want := range []json.Token{json.Delim(']'), json.Delim('}')} {
		if err := expect(d, want); err != nil {
			return err
		}
	}
	rest, err := io.ReadAll(io.MultiReader(d.Buffered(), r)) // to the end, so that the writer is never held up
	if err == nil && strings.TrimSpace(string(rest)) != "" {
		err = fmt.Errorf("%w: text after the end", errForm)
	}
	return err
}

// expect reads one token, which must be the one that is wanted.
func expect(d *json.Decoder, want json.Token) error {
	got, err := d.Token()
	if err != nil {
		return formError(err)
	}
	if got != want {
		return fmt.Errorf("%w: %v where %v belongs", errForm, got, want)
	}
	return nil
}

// formError tells a text of another form from one that was cut off on its way, which keeps the error of its writer.
func formError(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	if errors.As(err, &syntax) || errors.As(err, &kind) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: %w", errForm, err)
	}
	return err
}
