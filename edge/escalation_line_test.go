package edge

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"sync/atomic"
	"testing"
)

// The line breaks again and again; each time at most a part is lost, and the reply comes once.
func TestEscalationsOverABadLine(t *testing.T) {
	v := newVillage(t)
	asked := tone(6e9)
	n := v.escalateVoice(t, asked)
	var calls atomic.Int32 // an aborted request's handler can outlive the request that follows it
	v.office.spoil(func(w http.ResponseWriter, r *http.Request) bool {
		switch calls.Add(1) % 3 {
		case 0: // the reply is lost
			v.office.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		case 1:
			panic(http.ErrAbortHandler)
		}
		return false
	})
	for range 40 {
		_, _ = v.syncer.Once(t.Context())
	}
	e := v.waiting(t)
	if got, err := v.office.Desk().Voice(t.Context(), e.ID, 0); err != nil || !bytes.Equal(got, asked) {
		t.Fatalf("%d bytes %v", len(got), err)
	}
	v.replyTo(t, e.ID, "Fence the plot.", tone(3e9))
	for range 40 {
		_, _ = v.syncer.Once(t.Context())
	}
	if got := v.back(t, n); got.State != replyReady || len(got.Replies) != 1 {
		t.Errorf("%+v", got)
	}
	v.office.spoil(nil)
	once(t, v.syncer)
	wantAlike(t, v.office, v.Store)
}

func TestSticksCarryEscalationsAndReplies(t *testing.T) {
	v := newVillage(t)
	asked, spoken := tone(3e9), tone(4e9)
	n := v.escalateVoice(t, asked)
	stick := t.TempDir()
	put(t, v.syncer, stick)
	if in := found(t, stick, []byte(armywormQuestion)); in != nil {
		t.Errorf("the stick can be read: %v", in)
	}
	got, err := v.office.Stick(t.Context(), stick)
	if err != nil || got.Parts < 3 || len(got.Left) != 0 {
		t.Fatalf("%+v %v", got, err)
	}
	e := v.waiting(t)
	v.replyTo(t, e.ID, "Fence the plot.", spoken)
	put(t, v.syncer, stick)
	if _, err := v.office.Stick(t.Context(), stick); err != nil {
		t.Fatal(err)
	}
	put(t, v.syncer, stick)
	r := v.back(t, n)
	if r.State != replyReady || len(r.Sound) == 0 {
		t.Fatalf("%+v", r)
	}
	if w := get(t, v.Server, r.Sound[len(r.Sound)-1]); !bytes.Equal(w.Body.Bytes(), spoken) {
		t.Errorf("the voice: %d, %d bytes", w.Code, w.Body.Len())
	}
}

// A database that was damaged loses the tickets; the reply brings its own, and is heard all the same.
func TestRepliesOutliveADamagedDatabase(t *testing.T) {
	v := newVillage(t)
	n := v.escalateWords(t, plantedWords)
	once(t, v.syncer)
	v.replyTo(t, v.waiting(t).ID, "Fence the plot.", nil)
	if err := v.Store.Close(); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(v.Store.path() + part); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	once(t, v.syncer)
	if got := v.back(t, n); got.State != replyReady || len(got.Replies) != 1 {
		t.Errorf("%+v", got)
	}
}
