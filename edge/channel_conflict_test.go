package edge

import (
	"testing"
	"time"

	"jembe/content"
)

// A hub that came back from a backup publishes a version that boxes have, with other content: everything else still comes, it is told
// once, and nothing is fetched for it again.
func TestPublishedAgainBlocksNothing(t *testing.T) {
	o := newOffice(t)
	s, y := o.enrolled(t, 3)
	backup := o.backUp(t)
	o.publishing(t).publish("office", "1", "Keep the pen dry", 0)
	once(t, y)
	f := fetcher{y.channel, s.dir}
	f.wantInUse(t, "office@1")
	o.restore(t, backup)
	p := o.publishing(t)
	time.Sleep(time.Second) // versions of the channel are in seconds, and only grow
	p.publish("office", "1", "Keep the pen warm", 100_000)
	p.publish("vets", "1", "Call the vet", 0)
	for contact := range 2 {
		y.channel.refused = "" // as hours later
		done := once(t, y)
		if done.Refused == "" || done.Behind || contact > 0 && done.Bytes > 10_000 {
			t.Errorf("contact %d: %+v, want the conflict told and nothing fetched again", contact, done)
		}
		f.wantInUse(t, "office@1", "vets@1")
	}
	if n := f.healthEvents(t, content.Conflict); n != 1 {
		t.Errorf("told %d times, want once", n)
	}
	if r, err := y.channel.Refused(t.Context()); err != nil || r == nil || r.Reason != content.Conflict {
		t.Errorf("the doctor is not told: %+v %v", r, err)
	}
	p.publish("office", "2", "Keep the pen warm", 0)
	if done := once(t, y); done.Refused != "" || done.Behind {
		t.Errorf("a larger version: %+v", done)
	}
	f.wantInUse(t, "office@2", "vets@1")
}
