package rag

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/ollama/ollama/api"

	"jembe/advisory"
)

// dialTime is how long a server on this machine or its network may take to accept a connection.
const dialTime = 400 * time.Millisecond

// newClient makes a client that dials the given address and no other: no proxy, and no place that a reply sends it to.
func newClient(address string) (*api.Client, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, &advisory.Error{Code: advisory.BadRequest, Err: err, Hint: fmt.Sprintf("%q is no address of a model server; give one such as http://127.0.0.1:11434", address)}
	}
	return api.NewClient(u, &http.Client{
		Transport: &http.Transport{
			DialContext:         (&net.Dialer{Timeout: dialTime}).DialContext,
			TLSHandshakeTimeout: 5 * time.Second,
			MaxIdleConns:        4,
			IdleConnTimeout:     time.Minute,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}), nil
}

// setbackOf says in one word, for the record, why there is no draft.
func setbackOf(err error) advisory.Setback {
	var status api.StatusError
	var dial *url.Error
	switch {
	case errors.Is(err, errSlow), errors.Is(err, context.DeadlineExceeded):
		return advisory.Slow
	case errors.Is(err, errFull):
		return advisory.Full
	case errors.Is(err, errEndless):
		return advisory.Endless
	case errors.Is(err, errForm):
		return advisory.Broken
	case errors.As(err, &status):
		switch status.StatusCode {
		case http.StatusNotFound:
			return advisory.Missing
		case http.StatusServiceUnavailable:
			return advisory.Full
		case http.StatusRequestTimeout, http.StatusGatewayTimeout:
			return advisory.Slow
		}
	case errors.Is(err, errCut), errors.As(err, &dial):
		return advisory.Away
	}
	return advisory.Failed
}

// Model is a model that is installed on a server.
type Model struct {
	Name   string `json:"name"`
	Digest string `json:"digest"` // changes with the model
	Size   int64  `json:"size"`   // bytes on disk, and about as many in memory
	Remote bool   `json:"remote"` // the server only passes questions on to another one, far away
}

// Models asks the server at the address for what is installed, by name.
func Models(ctx context.Context, address string) ([]Model, error) {
	client, err := newClient(address)
	if err != nil {
		return nil, err
	}
	list, err := client.List(ctx)
	if err != nil {
		return nil, fmt.Errorf("list models: %w", err)
	}
	out := make([]Model, 0, len(list.Models))
	for _, m := range list.Models {
		out = append(out, Model{m.Name, m.Digest, m.Size, m.RemoteHost != "" || m.RemoteModel != ""})
	}
	slices.SortFunc(out, func(a, b Model) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

// fullName is a model's name as the server lists it; one without a tag means "latest".
func fullName(name string) string {
	if strings.Contains(name, ":") {
		return name
	}
	return name + ":latest"
}

// FindModel gives the model of a name among those installed; a name without a tag means "latest".
func FindModel(models []Model, name string) (Model, bool) {
	i := slices.IndexFunc(models, func(m Model) bool { return m.Name == fullName(name) })
	if i < 0 {
		return Model{}, false
	}
	return models[i], true
}
