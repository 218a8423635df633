package edge

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"jembe/advisory"
	"jembe/edge/wire"
)

func openapi(t *testing.T) (*openapi3.T, routers.Router) {
	t.Helper()
	for _, media := range []string{"audio/wav", "audio/webm", "audio/ogg", "text/html", "text/javascript", "text/css", "image/svg+xml", "application/yaml", lines} {
		openapi3filter.RegisterBodyDecoder(media, openapi3filter.FileBodyDecoder)
	}
	data, err := embedded.ReadFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		t.Fatal(err)
	}
	router, err := legacy.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return doc, router
}

// call serves one request and holds the reply against openapi.yaml; the request too, when it was answered well.
func call(t *testing.T, s *Server, r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	var sent []byte
	if r.Body != nil {
		sent, _ = io.ReadAll(r.Body)
	}
	r.Body = io.NopCloser(bytes.NewReader(sent))
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	_, router := openapi(t)
	route, params, err := router.FindRoute(r)
	if err != nil {
		if w.Code < 400 {
			t.Errorf("%s %s is answered, and not in openapi.yaml: %v", r.Method, r.URL, err)
		}
		return w
	}
	options := &openapi3filter.Options{IncludeResponseStatus: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}
	if strings.HasSuffix(r.URL.Path, "/audio") {
		options.ExcludeRequestBody = true
	}
	r.Body = io.NopCloser(bytes.NewReader(sent))
	request := &openapi3filter.RequestValidationInput{Request: r, Route: route, PathParams: params, Options: options}
	if w.Code < 400 {
		if err := openapi3filter.ValidateRequest(t.Context(), request); err != nil {
			t.Errorf("%s %s: accepted, and not as in openapi.yaml: %v", r.Method, r.URL, err)
		}
	}
	reply := &openapi3filter.ResponseValidationInput{RequestValidationInput: request, Status: w.Code, Header: w.Header(), Options: options}
	reply.SetBodyBytes(w.Body.Bytes())
	if err := openapi3filter.ValidateResponse(t.Context(), reply); err != nil {
		t.Errorf("%s %s: reply %d is not as in openapi.yaml: %v", r.Method, r.URL, w.Code, err)
	}
	return w
}

func get(t *testing.T, s *Server, path string) *httptest.ResponseRecorder {
	t.Helper()
	return call(t, s, httptest.NewRequest("GET", path, nil))
}

// getCompressed gets what a browser gets, which takes gzip.
func getCompressed(t *testing.T, s *Server, path string) *httptest.ResponseRecorder {
	t.Helper()
	r, w := httptest.NewRequest("GET", path, nil), httptest.NewRecorder()
	r.Header.Set("Accept-Encoding", "gzip")
	if s.ServeHTTP(w, r); w.Code != 200 {
		t.Errorf("%s: %d", path, w.Code)
	}
	return w
}

func post(t *testing.T, s *Server, path, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest("POST", path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return call(t, s, r)
}

func askFor(t *testing.T, s *Server, body string) reply {
	t.Helper()
	w := post(t, s, "/v1/ask", body)
	var r reply
	if err := json.Unmarshal(w.Body.Bytes(), &r); w.Code != 200 || err != nil {
		t.Fatalf("%s: %d %s", body, w.Code, w.Body)
	}
	return r
}

// wantProblem checks the error of a reply.
func wantProblem(t *testing.T, w *httptest.ResponseRecorder, status int, code advisory.Code) wire.Problem {
	t.Helper()
	var p wire.Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	if w.Code != status || p.Status != status || p.Code != code || p.Detail == "" || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("got %d %s %+v, want %d %s", w.Code, w.Header().Get("Content-Type"), p, status, code)
	}
	return p
}

func TestOpenAPIHasTheRoutesOfTheServer(t *testing.T) {
	doc, _ := openapi(t)
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, r := range newTestServer(t, func(c *Config) { c.Setup = &Setup{} }).routes.Routes() {
		path := r.Path
		for _, p := range []string{"id", "piece", "file", "path", "code", "key", "part"} {
			path = strings.ReplaceAll(path, ":"+p, "{"+p+"}")
		}
		want = append(want, r.Method+" "+path)
	}
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			got = append(got, method+" "+path)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("openapi.yaml has %q\nthe server has   %q", got, want)
	}
}
