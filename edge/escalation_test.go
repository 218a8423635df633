package edge

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jembe/advisory"
	"jembe/edge/hub"
	"jembe/edge/wire"
)

// What is planted in questions, and must be found nowhere on the disk.
const (
	plantedName   = "Nekesa Wafula"
	plantedNumber = "0712 345 678"
	plantedWords  = "porcupines dig up my cassava"
)

// village is a box with its page and its office.
type village struct {
	*Server
	office *office
	syncer *Syncer
}

func newVillage(t *testing.T) *village {
	t.Helper()
	o := newOffice(t)
	s := newTestServer(t)
	if _, err := Enrol(t.Context(), s.Store, o.invite(t), "test"); err != nil {
		t.Fatal(err)
	}
	return &village{s, o, NewSyncer(SyncConfig{Store: s.Store, Version: "test", Log: slog.New(slog.DiscardHandler)})}
}

// escalateWords asks and asks for a person, with consent to the words.
func (v *village) escalateWords(t *testing.T, text string) noted {
	t.Helper()
	r := askFor(t, v.Server, `{"text":"`+text+`","lang":"en"}`)
	return noteOf(t, post(t, v.Server, "/v1/answers/"+r.ID+"/escalation", `{"consent":{"words":true,"voice":false}}`))
}

// escalateVoice asks by voice, with consent to words and voice.
func (v *village) escalateVoice(t *testing.T, sound []byte) noted {
	t.Helper()
	w := call(t, v.Server, audio("lang=en", bytes.NewReader(sound)))
	var r reply
	if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return noteOf(t, post(t, v.Server, "/v1/answers/"+r.ID+"/escalation", `{"consent":{"words":true,"voice":true}}`))
}

func noteOf(t *testing.T, w *httptest.ResponseRecorder) (n noted) {
	t.Helper()
	if err := json.Unmarshal(w.Body.Bytes(), &n); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return n
}

// back comes back with a ticket.
func (v *village) back(t *testing.T, n noted) (r replied) {
	t.Helper()
	w := post(t, v.Server, "/v1/replies/"+n.Code, fmt.Sprintf(`{"picture":%d,"lang":"en"}`, n.Picture))
	if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return r
}

// waiting gives the only escalation that waits at the office, opened.
func (v *village) waiting(t *testing.T) hub.Escalation {
	t.Helper()
	all, err := v.office.Desk().Escalations(t.Context(), hub.Waiting{}, 0, 10)
	if err != nil || len(all) != 1 || all[0].Words != "" {
		t.Fatalf("%+v %v, want one, closed", all, err)
	}
	e, err := v.office.Desk().Escalation(t.Context(), all[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// replyTo keeps a person's reply at the office.
func (v *village) replyTo(t *testing.T, id, text string, voice []byte) {
	t.Helper()
	r := hub.EscalationReply{By: "expert", AtMS: 1, Text: text, HasVoice: voice != nil}
	if err := v.office.Desk().Reply(t.Context(), id, r, voice); err != nil {
		t.Fatal(err)
	}
}

// found tells in which files of a folder, however deep, a text stands: the database with its freed pages and its log among them.
func found(t *testing.T, dir string, planted []byte) (in []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if bytes.Contains(data, planted) {
			in = append(in, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestAFarmerAsksForAPersonAndHearsTheReply(t *testing.T) {
	v := newVillage(t)
	n := v.escalateWords(t, plantedWords+", call "+plantedNumber)
	if len(n.Code) != 3 || n.Picture < 1 || n.PictureName == "" || len(n.Sound) == 0 || !strings.Contains(n.Message, n.PictureName) ||
		!strings.HasSuffix(n.Message, advisory.Say("en", "escalated_key", "key", fmt.Sprint(n.Picture))) {
		t.Fatalf("%+v", n)
	}
	if got := v.back(t, n); got.State != replyWaiting || len(got.Replies) != 0 || len(got.Sound) == 0 {
		t.Errorf("before: %+v", got)
	}
	once(t, v.syncer)
	e := v.waiting(t)
	if e.Words != plantedWords+", call …" || e.HasVoice || e.Code != n.Code || e.Village != "Kipsigak" || e.Lang != "en" || e.AskedMS == 0 {
		t.Errorf("at the office: %+v", e)
	}
	v.replyTo(t, e.ID, "Fence the plot.", nil)
	once(t, v.syncer)
	for range 2 {
		if got := v.back(t, n); got.State != replyReady || len(got.Replies) != 1 || got.Replies[0] != "Fence the plot." || len(got.Sound) < 2 {
			t.Errorf("after: %+v", got)
		}
	}
	heard := 0
	for _, one := range events(t, v.Store) {
		if one.Kind == advisory.KindReplyHeard {
			heard++
		}
	}
	once(t, v.syncer)
	e, err := v.office.Desk().Escalation(t.Context(), e.ID)
	if err != nil || heard != 1 || len(e.Replies) != 1 || e.Replies[0].HeardMS == 0 || e.AnsweredMS == 0 {
		t.Errorf("heard %d times, at the office %+v %v", heard, e, err)
	}
	wantAlike(t, v.office, v.Store)
}

func TestVoicesTravelBothWays(t *testing.T) {
	v := newVillage(t)
	asked, spoken := tone(4e9), tone(5e9)
	n := v.escalateVoice(t, asked)
	once(t, v.syncer)
	e := v.waiting(t)
	got, err := v.office.Desk().Voice(t.Context(), e.ID, 0)
	if len(e.Concepts) == 0 {
		t.Error("the office is not told what the question is about")
	}
	if err != nil || !bytes.Equal(got, asked) || !e.HasVoice || e.Words != armywormQuestion {
		t.Fatalf("%d bytes, %v, %+v", len(got), err, e)
	}
	v.replyTo(t, e.ID, "", spoken)
	once(t, v.syncer)
	r := v.back(t, n)
	if len(r.Sound) == 0 {
		t.Fatalf("%+v", r)
	}
	if w := get(t, v.Server, r.Sound[len(r.Sound)-1]); w.Code != http.StatusOK || !bytes.Equal(w.Body.Bytes(), spoken) {
		t.Errorf("the reply's voice: %d, %d bytes", w.Code, w.Body.Len())
	}
	if done := once(t, v.syncer); done.Requests != 1 {
		t.Errorf("nothing is new, and %+v", done)
	}
}

// Without an office there is no key: only the event is kept, and nobody is promised anything.
func TestNobodyIsPromisedAReplyThatCannotCome(t *testing.T) {
	s := newTestServer(t)
	r := askFor(t, s, `{"text":"`+plantedWords+`","lang":"sw"}`)
	n := noteOf(t, post(t, s, "/v1/answers/"+r.ID+"/escalation", `{"consent":{"words":true,"voice":true}}`))
	if n.Code != "" || n.Picture != 0 || n.Message != advisory.Say("sw", "escalated_nobody") {
		t.Errorf("no office: %+v", n)
	}
	if in := found(t, s.Store.dir, []byte("porcupine")); in != nil {
		t.Errorf("words in %v", in)
	}
	v := newVillage(t)
	r = askFor(t, v.Server, `{"text":"`+plantedWords+`","lang":"en"}`)
	n = noteOf(t, post(t, v.Server, "/v1/answers/"+r.ID+"/escalation", `{}`))
	if n.Code != "" || n.Message != advisory.Say("en", "page_escalated") {
		t.Errorf("no consent: %+v", n)
	}
	once(t, v.syncer)
	if all, err := v.office.Desk().Escalations(t.Context(), hub.Waiting{}, 0, 10); err != nil || len(all) != 0 {
		t.Errorf("something went without consent: %+v %v", all, err)
	}
}

func TestWhoGuessesCodesMustWait(t *testing.T) {
	v := newVillage(t)
	n := v.escalateWords(t, plantedWords)
	other := n.Picture%wire.PictureCount + 1
	for i := range wrongCodes {
		w := post(t, v.Server, "/v1/replies/"+n.Code, fmt.Sprintf(`{"picture":%d,"lang":"hi"}`, other)) // the right code, another picture
		if p := wantProblem(t, w, http.StatusNotFound, advisory.WrongCode); p.Detail != advisory.Say("hi", "error_wrong_code") {
			t.Errorf("try %d: %q", i, p.Detail)
		}
		if i < wrongCodes-1 {
			v.back(t, n) // a right one costs nothing
		}
	}
	w := post(t, v.Server, "/v1/replies/"+n.Code, fmt.Sprintf(`{"picture":%d}`, n.Picture))
	wantProblem(t, w, http.StatusTooManyRequests, advisory.TooManyTries)
}

func TestWhatIsTakenBackIsErasedEverywhere(t *testing.T) {
	v := newVillage(t)
	n := v.escalateVoice(t, tone(2e9))
	once(t, v.syncer)
	e := v.waiting(t)
	w := post(t, v.Server, "/v1/replies/"+n.Code+"/withdrawal", fmt.Sprintf(`{"picture":%d}`, n.Picture))
	if w.Code != http.StatusNoContent {
		t.Fatal(w.Code, w.Body)
	}
	once(t, v.syncer)
	got, err := v.office.Desk().Escalation(t.Context(), e.ID)
	if err != nil || !got.Erased || got.Words != "" || got.HasVoice {
		t.Errorf("at the office: %+v %v", got, err)
	}
	if sound, err := v.office.Desk().Voice(t.Context(), e.ID, 0); err == nil {
		t.Errorf("the voice is still there: %d bytes", len(sound))
	}
	var sealed int
	if err := v.Store.db.Read.QueryRow(`SELECT count(*) FROM escalations WHERE sealed IS NOT NULL`).Scan(&sealed); err != nil || sealed != 0 {
		t.Errorf("%d still sealed at the box, %v", sealed, err)
	}
}
