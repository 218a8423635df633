// Package ragtest plays a model server for tests: it speaks Ollama's HTTP protocol, streams what its script says, and is as slow,
// as wrong or as hostile as the script wants. Nothing here is used by the product.
package ragtest

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

// Script is what the model does when it is asked.
type Script struct {
	Text    string        // what it writes
	Every   time.Duration // between two tokens
	Load    time.Duration // before the first
	Again   bool          // it writes the text again and again as fast as it can, and never stops by itself
	Cut     bool          // the connection dies after the text
	Limit   bool          // it says that it was stopped at the limit of tokens
	Status  int           // this HTTP status instead of an answer
	Fault   string        // this error after the text, in the stream
	Counted int           // tokens of the prompt, as it counts them
}

// Model is one that the server says is installed.
type Model struct {
	Name   string `json:"name"`
	Digest string `json:"digest"`
	Size   int64  `json:"size"`
	Remote string `json:"remote_host,omitempty"`
}

// Message is one of a conversation.
type Message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// Chat is a call that the server got.
type Chat struct {
	Model    string          `json:"model"`
	Messages []Message       `json:"messages"`
	Format   json.RawMessage `json:"format"`
	Options  map[string]any  `json:"options"`
}

// Server is a model server that follows a script.
type Server struct {
	*httptest.Server

	mu      sync.Mutex
	script  func(Chat) Script
	models  []Model
	chats   []Chat
	embeds  int
	slow    time.Duration // before vectors come
	cold    bool          // no model is in memory
	longest int           // bytes of a text that it can embed; 0: any
	open    int
}

// NewServer starts a server whose model always follows the one script.
func NewServer(s Script) *Server {
	server := &Server{script: func(Chat) Script { return s }}
	routes := http.NewServeMux()
	routes.HandleFunc("POST /api/chat", server.chat)
	routes.HandleFunc("POST /api/embed", server.embed)
	routes.HandleFunc("GET /api/tags", server.tags)
	routes.HandleFunc("GET /api/ps", server.running)
	server.Server = httptest.NewServer(routes)
	return server
}

// Play gives the model a script for each question.
func (s *Server) Play(script func(Chat) Script) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script = script
}

// Install sets which models the server has.
func (s *Server) Install(models ...Model) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.models = models
}

// Chats gives the calls so far that wanted an answer.
func (s *Server) Chats() []Chat {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Chat(nil), s.chats...)
}

// Embeds counts the calls for vectors.
func (s *Server) Embeds() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.embeds
}

// Slow sets how long vectors take.
func (s *Server) Slow(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slow = d
}

// Longest sets how many bytes a text to be embedded may have; 0 is any.
func (s *Server) Longest(bytes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.longest = bytes
}

// Unload takes the models out of memory; a call without messages loads them again.
func (s *Server) Unload() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cold = true
}

// Writing counts the answers that the model writes at this moment.
func (s *Server) Writing() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open
}

// Draft gives the text of a well-formed answer: pairs of a sentence and the number of the passage it names, 0 for none.
func Draft(sentences ...any) string {
	type sentence struct {
		Text     string `json:"text"`
		Passages []int  `json:"passages"`
	}
	out := struct {
		Sentences []sentence `json:"sentences"`
	}{Sentences: []sentence{}}
	for i := 0; i+1 < len(sentences); i += 2 {
		s := sentence{Text: sentences[i].(string), Passages: []int{}}
		if n := sentences[i+1].(int); n != 0 {
			s.Passages = append(s.Passages, n)
		}
		out.Sentences = append(out.Sentences, s)
	}
	text, err := json.Marshal(out)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// Tokens cuts a text as models do, at about four letters.
func Tokens(text string) []string {
	var out []string
	for runes := []rune(text); len(runes) > 0; {
		n := min(4, len(runes))
		out = append(out, string(runes[:n]))
		runes = runes[n:]
	}
	return out
}

// chat is POST /api/chat.
func (s *Server) chat(w http.ResponseWriter, r *http.Request) {
	var c Chat
	if err := json.NewDecoder(r.Body).Decode(&c); err != nil {
		http.Error(w, `{"error":"bad request"}`, http.StatusBadRequest)
		return
	}
	if len(c.Messages) == 0 { // it only loads the model
		s.mu.Lock()
		s.cold = false
		s.mu.Unlock()
		reply(w, map[string]any{"message": Message{Role: "assistant"}, "done": true, "done_reason": "load"})
		return
	}
	s.mu.Lock()
	s.chats = append(s.chats, c)
	s.open++
	play := s.script
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.open--
		s.mu.Unlock()
	}()
	script := play(c)
	if script.Status != 0 {
		w.WriteHeader(script.Status)
		reply(w, map[string]any{"error": http.StatusText(script.Status)})
		return
	}
	if pause(r.Context(), script.Load) {
		write(w, r, script)
	}
}

// write streams the script's text, and its end.
func write(w http.ResponseWriter, r *http.Request, script Script) {
	tokens := Tokens(script.Text)
	if script.Again {
		tokens = []string{script.Text}
	}
	for first := true; first || script.Again; first = false {
		for _, token := range tokens {
			if !pause(r.Context(), script.Every) {
				return
			}
			reply(w, map[string]any{"message": Message{"assistant", token}})
		}
	}
	switch {
	case script.Cut:
		panic(http.ErrAbortHandler) // ends the connection without an end of the stream
	case script.Fault != "":
		reply(w, map[string]any{"error": script.Fault})
		return
	}
	reason := "stop"
	if script.Limit {
		reason = "length"
	}
	reply(w, map[string]any{"message": Message{"assistant", ""}, "done": true, "done_reason": reason, "prompt_eval_count": script.Counted})
}

// embed is POST /api/embed: a text's vector counts its letters from a to h.
func (s *Server) embed(w http.ResponseWriter, r *http.Request) {
	var call struct {
		Input    []string `json:"input"`
		Truncate *bool    `json:"truncate"`
	}
	if err := json.NewDecoder(r.Body).Decode(&call); err != nil || call.Truncate == nil || *call.Truncate {
		http.Error(w, `{"error":"wants texts, whole"}`, http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.embeds++
	slow, longest := s.slow, s.longest
	s.mu.Unlock()
	if !pause(r.Context(), slow) {
		return
	}
	var vectors [][]float32
	for _, text := range call.Input {
		if longest > 0 && len(text) > longest {
			http.Error(w, `{"error":"the input length exceeds the context length"}`, http.StatusBadRequest)
			return
		}
		v := make([]float32, 8)
		for i := range v {
			v[i] = float32(strings.Count(text, string(rune('a'+i))))
		}
		vectors = append(vectors, v)
	}
	reply(w, map[string]any{"embeddings": vectors})
}

// tags is GET /api/tags.
func (s *Server) tags(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	reply(w, map[string]any{"models": s.models})
}

// running is GET /api/ps: all models are in memory, or none.
func (s *Server) running(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	loaded := s.models
	if s.cold {
		loaded = nil
	}
	reply(w, map[string]any{"models": loaded})
}

// reply sends one line. Whoever has gone away does not hear it.
func reply(w http.ResponseWriter, value any) {
	_ = json.NewEncoder(w).Encode(value)
	_ = http.NewResponseController(w).Flush()
}

// pause waits, and reports whether somebody still listens.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
