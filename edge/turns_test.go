package edge

import (
	"testing"
	"time"

	"jembe/advisory"
)

func TestTurnsStayInTheirSessionAndEndWithIt(t *testing.T) {
	now := time.Unix(1e9, 0)
	a := newAnswers()
	a.clock = func() time.Time { return now }
	give := func(id, session, text string) {
		a.add(id, "en", session)
		a.follow(id, advisory.Turn{Text: text})
	}
	give("1", "ann", "goats cough")
	give("2", "ben", "maize is yellow")
	give("3", "", "nobody's")
	give("4", "ann", "how do I store beans")
	for session, want := range map[string]string{"ann": "how do I store beans", "ben": "maize is yellow", "": "", "cat": ""} {
		if got := a.before(session).Text; got != want {
			t.Errorf("%q: %q, want %q", session, got, want)
		}
	}
	a.forget("ann")
	if got := a.before("ann"); got != (advisory.Turn{}) {
		t.Errorf("after the end: %+v", got)
	}
	now = now.Add(maxPause + time.Second)
	if got := a.before("ben"); got != (advisory.Turn{}) {
		t.Errorf("after a pause: %+v", got)
	}
}

func TestOnlyTheSameSessionIsFollowedUp(t *testing.T) {
	s := newTestServer(t)
	outcome := func(session, text string) advisory.Outcome {
		return askFor(t, s, `{"text":"`+text+`","lang":"en","session":"`+session+`"}`).Outcome
	}
	outcome("ann", armywormQuestion)
	for _, c := range []struct {
		session string
		want    advisory.Outcome
	}{{"ben", advisory.Unsure}, {"", advisory.Unsure}, {"ann", advisory.Answered}} {
		if got := outcome(c.session, "how do I prevent it?"); got != c.want {
			t.Errorf("%q: %s", c.session, got)
		}
	}
	post(t, s, "/v1/sessions/ann/end", "")
	if got := outcome("ann", "how do I prevent it?"); got != advisory.Unsure {
		t.Errorf("after the end: %s", got)
	}
}
