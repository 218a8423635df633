package content

import (
	"strings"
	"testing"
)

// otherOffice is a pack of the name and version of pack(t, "office", version), with other content.
func otherOffice(t *testing.T, version string) string {
	t.Helper()
	return built(t, files{"manifest.json": `{"name": "office", "version": "` + version + `"}`, "docs/en/office.md": plain("office", "en", "Something else")})
}

// wantConflict follows, and expects that the pack office is left out and told, and these in use.
func (f follower) wantConflict(t *testing.T, p *press, b Publication, inUse ...string) {
	t.Helper()
	if err := f.Accept(f.root, b); err != nil {
		t.Fatal(err)
	}
	wanted, err := f.Wanted()
	if err != nil {
		t.Fatal(err)
	}
	if len(wanted) > 0 {
		if why, _ := Refused(f.Follow(p.archives)); why != Conflict {
			t.Errorf("followed: %q, want a conflict", why)
		}
	}
	if why, _ := Refused(f.Conflict()); why != Conflict || !strings.Contains(f.Conflict().Error(), "office@") {
		t.Errorf("%v, want the conflict named", f.Conflict())
	}
	if wanted, err := f.Wanted(); err != nil || len(wanted) > 0 {
		t.Errorf("%v would be fetched again and again, %v", wanted, err)
	}
	f.wantInUse(t, inUse...)
	if now, err := f.Following(); err != nil || !now.Complete {
		t.Errorf("%+v %v, want all that can be taken", now, err)
	}
}

// An office that forgot what it had published, such as a hub back from a backup, publishes a name and version again with other content:
// what boxes have stays, and everything else comes.
func TestPublishedAgainWithOtherContent(t *testing.T) {
	p := newPress(t)
	f := newFollower(t, p)
	f.take(t, p, p.publish(p.pack(pack(t, "office", "1"))))
	before := said(f.Load(), "office")
	again := p.pack(otherOffice(t, "1"))
	f.wantConflict(t, p, p.publish(again, p.pack(pack(t, "vets", "1"))), "office@1", "vets@1")
	f.wantConflict(t, p, p.publish(again, p.pack(pack(t, "vets", "2"))), "office@1", "vets@2")
	f.wantConflict(t, p, p.publish(again), "office@1")
	if got := said(f.Load(), "office"); got != before {
		t.Errorf("the box says %q, said %q", got, before)
	}
	f.take(t, p, p.publish(p.pack(otherOffice(t, "2"))))
	f.wantInUse(t, "office@2")
	if err := f.Conflict(); err != nil {
		t.Errorf("a larger version, and still: %v", err)
	}
}

// A pack that was installed by hand stands in the way of the channel's of that name and version, and of no other.
func TestInstalledByHandUnderTheChannelsVersion(t *testing.T) {
	p := newPress(t)
	f := newFollower(t, p)
	install(t, f.Shelf, otherOffice(t, "1"))
	f.wantConflict(t, p, p.publish(p.pack(pack(t, "office", "1")), p.pack(pack(t, "vets", "1"))), "office@1", "vets@1")
	if got := said(f.Load(), "office"); !strings.Contains(got, "Something else") {
		t.Errorf("the box says %q", got)
	}
	p.revoke(Revocation{Pack: "office", Version: "1"})
	f.take(t, p, p.publish(p.pack(pack(t, "office", "2"))))
	f.wantInUse(t, "office@2")
}
