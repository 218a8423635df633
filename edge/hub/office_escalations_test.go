package hub

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"jembe/advisory"
	"jembe/content"
)

// fakeDesk is a double of Escalations that keeps them in memory.
type fakeDesk struct {
	mu     sync.Mutex
	all    []Escalation
	voices map[string]Recording // by id, and by id and reply
}

func newFakeDesk(all ...Escalation) *fakeDesk {
	return &fakeDesk{all: all, voices: map[string]Recording{"1": quietWAV()}}
}

func (f *fakeDesk) find(id string) (*Escalation, error) {
	for i := range f.all {
		if f.all[i].ID == id {
			return &f.all[i], nil
		}
	}
	return nil, &advisory.Error{Code: advisory.NotFound}
}

func (f *fakeDesk) Escalations(_ context.Context, of Waiting, page, size int) ([]Escalation, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []Escalation
	for _, e := range f.all {
		if (e.AnsweredMS != 0) == of.Answered && (of.Village == "" || of.Village == e.Village) {
			e.Words = ""
			out = append(out, e)
		}
	}
	from := min(page*size, len(out))
	return out[from:min(from+size, len(out))], nil
}

func (f *fakeDesk) Escalation(_ context.Context, id string) (Escalation, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	e, err := f.find(id)
	if err != nil {
		return Escalation{}, err
	}
	return *e, nil
}

func (f *fakeDesk) Voice(_ context.Context, id string, reply int) (Recording, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if reply > 0 {
		id += "/" + strings.Repeat("r", reply)
	}
	if sound := f.voices[id]; sound != nil {
		return sound, nil
	}
	return nil, &advisory.Error{Code: advisory.NotFound}
}

func (f *fakeDesk) Reply(_ context.Context, id string, r EscalationReply, voice Recording) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	e, err := f.find(id)
	if err != nil {
		return err
	}
	e.Replies = append(e.Replies, r)
	e.AnsweredMS = r.AtMS
	if voice != nil {
		f.voices[id+"/"+strings.Repeat("r", len(e.Replies))] = voice
	}
	return nil
}

func (f *fakeDesk) Close(_ context.Context, id, _ string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	e, err := f.find(id)
	if err == nil {
		e.AnsweredMS = 1
	}
	return err
}

// quietWAV is half a second of silence, 8 kHz, 16 bit.
func quietWAV() Recording {
	head := []byte("RIFF\x64\x1f\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data\x40\x1f\x00\x00")
	return append(head, make([]byte, 8000)...)
}

// upload posts a reply with a file.
func (b *browser) upload(path, text string, sound []byte) reply {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	if err := w.WriteField("text", text); err != nil {
		b.t.Fatal(err)
	}
	part, err := w.CreateFormFile("voice", "../../reply.wav")
	if err == nil {
		_, err = part.Write(sound)
	}
	if err != nil || w.Close() != nil {
		b.t.Fatal(err)
	}
	return b.send(http.MethodPost, path, &body, map[string]string{"Content-Type": w.FormDataContentType()})
}

func TestEscalationsAreAnswered(t *testing.T) {
	o := newTestOffice(t)
	b := o.as(t, Expert)
	list := b.get("/escalations")
	if !strings.Contains(list.body, "Question 417") || strings.Contains(list.body, "Kuku wangu") || strings.Contains(list.body, "<script>alert") {
		t.Errorf("the list, for which nothing is opened: %s", list.body)
	}
	if first := b.get("/escalations/1"); !strings.Contains(first.body, "Kuku wangu") {
		t.Errorf("the question: %s", first.body)
	}
	if got := b.get("/escalations?village=Mtakuja"); strings.Contains(got.body, "417") || !strings.Contains(got.body, "902") {
		t.Errorf("one village: %s", got.body)
	}
	for _, id := range []string{"nobody", "..%2f1", "%00"} {
		if got := b.get("/escalations/" + id); got.status != http.StatusNotFound {
			t.Errorf("%s: %d", id, got.status)
		}
	}
	sound := b.get("/escalations/1/voice")
	if sound.status != http.StatusOK || sound.header.Get("Content-Type") != "audio/wav" || sound.body != string(quietWAV()) {
		t.Errorf("the voice: %d %s", sound.status, sound.header.Get("Content-Type"))
	}
	badReplies(t, b)
	if got := b.post("/escalations/1/reply", "text", "Watenge kuku wagonjwa.\r\nWape maji safi."); got.status != http.StatusSeeOther {
		t.Fatalf("%d %s", got.status, got.problem())
	}
	if got := b.upload("/escalations/1/reply", "", quietWAV()); got.status != http.StatusSeeOther {
		t.Fatalf("%d %s", got.status, got.problem())
	}
	page := b.get("/escalations/1")
	for _, want := range []string{"Watenge kuku wagonjwa.", "/escalations/1/voice?reply=2", "Reply of expert"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if got := b.get("/escalations/1/voice?reply=2"); got.status != http.StatusOK {
		t.Errorf("the reply's voice: %d", got.status)
	}
	if got := b.post("/escalations/2/close"); got.status != http.StatusSeeOther || strings.Contains(b.get("/escalations").body, "/escalations/2") {
		t.Errorf("closed, and still waiting: %d", got.status)
	}
	deeds, err := o.Staff().Audit(t.Context(), 0, 100)
	read := slices.ContainsFunc(deeds, func(d Deed) bool { return d.Actor == "expert" && d.Action == "escalation read" && d.Object == "1" })
	said := slices.ContainsFunc(deeds, func(d Deed) bool { return strings.Contains(d.Object, "kuku") || strings.Contains(d.Action, "kuku") })
	if err != nil || !read || said {
		t.Errorf("the audit log: read %v, words %v, %v", read, said, err)
	}
}

// badReplies are refused, and tell why.
func badReplies(t *testing.T, b *browser) {
	t.Helper()
	for name, got := range map[string]reply{
		"nothing":   b.post("/escalations/1/reply", "text", "  "),
		"too long":  b.post("/escalations/1/reply", "text", strings.Repeat("x", maxReply+1)),
		"no sound":  b.upload("/escalations/1/reply", "", []byte("<html><script>alert(1)</script>")),
		"too large": b.upload("/escalations/1/reply", "", append(quietWAV(), make([]byte, maxReplyVoice)...)),
	} {
		if got.status != http.StatusBadRequest || got.problem() == "" {
			t.Errorf("%s: %d %q", name, got.status, got.problem())
		}
	}
	if got := b.upload("/escalations/1/reply", "", make([]byte, maxUpload)); got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("far too large: %d", got.status)
	}
}

func TestReplyBecomesADraft(t *testing.T) {
	o := newTestOffice(t)
	keepServed(t, o)
	b := o.as(t, Curator)
	if err := o.escalations.Reply(t.Context(), "1", EscalationReply{By: "expert", AtMS: 1, Text: "Watenge kuku wagonjwa. Wape maji safi."}, nil); err != nil {
		t.Fatal(err)
	}
	made := b.post("/escalations/1/draft")
	at := strings.TrimSuffix(made.header.Get("Location"), "?done=draft")
	if made.status != http.StatusSeeOther || !strings.HasPrefix(at, "/drafts/") {
		t.Fatalf("%d %s", made.status, at)
	}
	all, err := o.Drafts(t.Context())
	if err != nil || len(all) != 1 || all[0].MadeBy != "curator" {
		t.Fatalf("%+v %v", all, err)
	}
	file := b.get(at + "/file")
	doc, err := content.ParseDocument(all[0].Place, []byte(file.body))
	if err != nil || doc.Lang != "sw" || doc.Answer != "Watenge kuku wagonjwa. Wape maji safi." || !strings.HasPrefix(doc.Questions[0], "Kuku wangu") ||
		!strings.HasPrefix(doc.Sources[0].URL, "https://") || doc.Status != advisory.Unreviewed {
		t.Errorf("%v\n%s", err, file.body)
	}
	if got := b.post(at, "body", "no document </textarea><script>alert(1)</script>"); got.status != http.StatusSeeOther {
		t.Fatal(got.status)
	}
	page := b.get(at)
	if strings.Contains(page.body, "<script>alert") || !strings.Contains(page.body, "<li>1: ") {
		t.Errorf("a broken draft: %s", page.body)
	}
	if got := b.post(at, "body", strings.Repeat("x", maxDraft+1)); got.status != http.StatusBadRequest {
		t.Errorf("too large: %d", got.status)
	}
	if b.post(at+"/remove").status != http.StatusSeeOther || b.get(at).status != http.StatusNotFound || b.post(at, "body", "x").status != http.StatusNotFound {
		t.Error("removed, and still there")
	}
}
