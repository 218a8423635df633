package wire_test

import (
	"testing"

	"jembe/advisory"
	"jembe/edge/linetest"
	"jembe/edge/wire"
)

// What a follow-up adds is no field that the first boxes knew, so its line goes as text among the others; old hubs take it all the same.
// Where one event in some forty is a follow-up, the events stay within R4.
func TestBytesOfAFollowup(t *testing.T) {
	v := linetest.New(7)
	lines := v.Lines(device, epoch, 1200)
	without, with, followups := 0, 0, 0
	var mixed []wire.Line
	seq := int64(0)
	for i, l := range lines {
		seq++
		mixed = append(mixed, renumbered(t, l, seq, nil))
		if e := parsed(t, l); i%20 == 0 && len(e.Documents) > 0 {
			seq++
			followups++
			mixed = append(mixed, renumbered(t, l, seq, &advisory.Event{
				Kind: advisory.KindFollowup, Answer: advisory.NewID(), Session: "0123456789ab", Lang: e.Lang, Concepts: e.Concepts, Documents: e.Documents,
				Followup: &advisory.Followup{Done: advisory.DoneYes, Helped: advisory.HelpedYes},
			}))
		}
	}
	for i := 0; i < len(lines); i += 100 {
		without += len(wantBack(t, wire.Batch{Header: header(int64(i + 1)), Lines: lines[i : i+100]}))
	}
	for i := 0; i < len(mixed); i += 100 {
		with += len(wantBack(t, wire.Batch{Header: header(int64(i + 1)), Lines: mixed[i:min(i+100, len(mixed))]}))
	}
	t.Logf("%d follow-ups among %d events: %.1f bytes an event, %.0f bytes a follow-up", followups, len(mixed), float64(with)/float64(len(mixed)),
		float64(with-without)/float64(followups))
	if each := float64(with) / float64(len(mixed)); each > 40 { // R4
		t.Errorf("%.1f bytes an event, want at most 40", each)
	}
}

func parsed(t *testing.T, l wire.Line) wire.Event {
	t.Helper()
	e, err := wire.Parse(l.Body)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// renumbered gives the line at another place, with another event where one is given.
func renumbered(t *testing.T, l wire.Line, seq int64, other *advisory.Event) wire.Line {
	t.Helper()
	e := parsed(t, l)
	if e.Seq = seq; other != nil {
		e.Event = *other
		e.WordsHash = ""
	}
	body, err := wire.Canonical(e)
	if err != nil {
		t.Fatal(err)
	}
	return wire.Line{Body: body, Words: l.Words, Salt: l.Salt}
}
