package content

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestChannelInstallsAllItsPacksInOneStep(t *testing.T) {
	p := newPress(t)
	f := newFollower(t, p)
	if got, err := f.Following(); err != nil || got != (Following{}) {
		t.Errorf("a new box follows %+v, %v", got, err)
	}
	office, vets := p.pack(pack(t, "office", "1")), p.pack(pack(t, "vets", "5"))
	b := p.publish(office, vets)
	if err := f.Accept(f.root, b); err != nil {
		t.Fatal(err)
	}
	wanted, err := f.Wanted()
	if err != nil || !slices.Equal(wanted, []ChannelPack{office, vets}) {
		t.Fatalf("wanted are %v, %v", wanted, err)
	}
	f.wantInUse(t)
	if err := f.Follow(p.archives); err != nil {
		t.Fatal(err)
	}
	f.wantInUse(t, "office@1", "vets@5")
	got, err := f.Following()
	if want := (Following{1, hashOf(b.Content.Body), true, public(p.root), "", 0}); err != nil || got != want {
		t.Errorf("follows %+v, %v; want %+v", got, err, want)
	}
	if wanted, err := f.Wanted(); err != nil || len(wanted) > 0 {
		t.Errorf("wanted are still %v, %v", wanted, err)
	}
	revision, _ := f.Revision()
	f.take(t, p, p.publish(p.pack(pack(t, "office", "2"))))
	f.wantInUse(t, "office@2") // vets is no longer published
	if again, _ := f.Revision(); again <= revision+1 {
		t.Errorf("revision went from %d to %d: a running box would not look", revision, again)
	}
	if err := f.Rollback(); err != nil {
		t.Fatal(err)
	}
	f.wantInUse(t, "office@1", "vets@5")
	if wanted, err := f.Wanted(); err != nil || len(wanted) > 0 {
		t.Errorf("after a rollback by hand %v are wanted at once, %v", wanted, err)
	}
	f.take(t, p, p.publish(p.pack(pack(t, "office", "3"))))
	f.wantInUse(t, "office@3")
}

func TestTheSamePublicationAgainChangesNothing(t *testing.T) {
	p := newPress(t)
	f := newFollower(t, p)
	b := p.publish(p.pack(pack(t, "office", "1")))
	f.take(t, p, b)
	before := treeOf(t, f.dir)
	if err := f.Accept(f.root, b); err != nil {
		t.Fatal(err)
	}
	if after := treeOf(t, f.dir); after != before {
		t.Errorf("the disk changed:\n%s\n%s", before, after)
	}
}

func TestRevokedDocumentIsGoneBeforeAnythingIsFetched(t *testing.T) {
	p := newPress(t)
	f := newFollower(t, p)
	starter, _ := Starter()
	doc := starter.Documents[0]
	own := built(t, files{
		"manifest.json": `{"name": "office", "version": "1"}`, "docs/en/" + doc.ID + ".md": plain(doc.ID, "en", "Our own way"),
		"docs/sw/goat-pen.md": plain("goat-pen", "sw", "Zizi"), "docs/en/goat-pen.md": plain("goat-pen", "en", "A pen"),
	})
	f.take(t, p, p.publish(p.pack(own)))
	if got := said(f.Load(), doc.ID); got != "office@1: Our own way" {
		t.Fatalf("before: %q", got)
	}
	was := f.Load().Fingerprint
	p.revoke(Revocation{Document: doc.ID})
	p.revoke(Revocation{Document: "goat-pen", Lang: "sw"})
	b := p.publish(p.pack(pack(t, "large", "1"))) // not fetched yet
	if err := f.Accept(f.root, b); err != nil {
		t.Fatal(err)
	}
	lib := f.Load()
	for _, d := range lib.Documents {
		if d.ID == doc.ID || d.ID == "goat-pen" && d.Lang == "sw" {
			t.Errorf("%s in %s of %s is still there", d.ID, d.Lang, d.Pack)
		}
	}
	if said(lib, "goat-pen") == "" {
		t.Error("the document was taken back in Swahili, and is gone in English")
	}
	if lib.Fingerprint == was {
		t.Error("the fingerprint did not change: an index kept for it would still find the document")
	}
	if err := f.Rollback(); err == nil && said(f.Load(), doc.ID) != "" {
		t.Error("a rollback brought the document back")
	}
}

func TestCorrectedDocumentHoldsBesideItsRevocation(t *testing.T) {
	p := newPress(t)
	f := newFollower(t, p)
	f.take(t, p, p.publish(p.pack(pack(t, "office", "1"))))
	f.take(t, p, p.revoke(Revocation{Document: "office"}))
	if got := said(f.Load(), "office"); got != "" {
		t.Fatalf("taken back, and said: %q", got)
	}
	mended := pack(t, "office", "2")
	made, err := Verify(mended)
	if err != nil {
		t.Fatal(err)
	}
	p.channel.Revoked[0].Except = []string{made.Documents[0].sha256}
	f.take(t, p, p.publish(p.pack(mended)))
	if got := said(f.Load(), "office"); !strings.HasPrefix(got, "office@2") {
		t.Errorf("the corrected document says %q", got)
	}
}

func TestRevokedPackGoesAtOnceAndNeverComesBack(t *testing.T) {
	p := newPress(t)
	f := newFollower(t, p)
	one, archive := p.pack(pack(t, "office", "1")), pack(t, "office", "2")
	f.take(t, p, p.publish(one))
	f.take(t, p, p.publish(p.pack(archive)))
	p.revoke(Revocation{Pack: "office", Version: "2"})
	if err := f.Accept(f.root, p.publish(one)); err != nil {
		t.Fatal(err)
	}
	f.wantInUse(t, "office@1") // it was still on the shelf, kept for a rollback: nothing is fetched
	if _, err := os.Stat(filepath.Join(f.dir, "office-2")); !os.IsNotExist(err) {
		t.Errorf("the pack that was taken back is still on the disk: %v", err)
	}
	_, err := f.Install(archive)
	wantCode(t, err, "forbidden")
	p.channel.Revoked = []Revocation{} // as a hub that came back from a backup
	err = f.Accept(f.root, p.publish(p.pack(archive)))
	wantRefused(t, err, Mixed)
	f.wantInUse(t, "office@1")
	if err := f.Rollback(); err != nil {
		t.Fatal(err)
	}
	if slices.Contains(inUse(f.Shelf), "office@2") {
		t.Error("a rollback brought the pack back")
	}
}

func TestKeysRotate(t *testing.T) {
	p := newPress(t)
	near, away := newFollower(t, p), newFollower(t, p)
	office := p.pack(pack(t, "office", "1"))
	near.take(t, p, p.publish(office))
	away.take(t, p, p.publication())
	stolen := *p
	near.take(t, p, p.rotatePublisher())
	for range 3 {
		near.take(t, p, p.rotateRoot())
	}
	near.take(t, p, p.publish(office, p.pack(pack(t, "vets", "1"))))
	near.wantInUse(t, "office@1", "vets@1")
	// The thief got to a box that was away, and shut the office out: so he thinks.
	stolen.channel.Version = 1 << 40
	stolen.channel.Revoked = []Revocation{{Document: "maize-stem-borer"}}
	away.take(t, &stolen, stolen.publish(office, stolen.pack(pack(t, "thief", "9"))))
	away.wantInUse(t, "office@1", "thief@9")
	away.take(t, p, p.publication()) // three hand-overs at once
	away.wantInUse(t, "office@1", "vets@1")
	if said(away.Load(), "maize-stem-borer") == "" {
		t.Error("what a key took back that holds no more is still gone")
	}
	err := away.Accept(away.root, stolen.publish(office))
	wantRefused(t, err, RolledBack, Forged)
}

func TestEnrolledAnewWithAnotherOffice(t *testing.T) {
	p, q := newPress(t), newPress(t)
	f := newFollower(t, p)
	p.channel.Version = 100
	f.take(t, p, p.publish(p.pack(pack(t, "office", "7"))))
	other := follower{f.Shelf, public(q.root)}
	other.take(t, q, q.publish(q.pack(pack(t, "district", "1"))))
	other.wantInUse(t, "district@1")
	wantRefused(t, other.Accept(other.root, p.publication()), Forged)
}

func TestPacksByHandStayBesideTheChannel(t *testing.T) {
	p := newPress(t)
	f := newFollower(t, p)
	install(t, f.Shelf, pack(t, "own", "1"))
	install(t, f.Shelf, pack(t, "office", "5"))
	f.take(t, p, p.publish(p.pack(pack(t, "office", "4")), p.pack(pack(t, "vets", "1"))))
	f.wantInUse(t, "office@5", "vets@1", "own@1") // the newer one by hand stays
	f.take(t, p, p.publish(p.pack(pack(t, "office", "6"))))
	f.wantInUse(t, "office@6", "own@1")
}

func TestDamagedPackOfTheChannelIsWantedAgain(t *testing.T) {
	p := newPress(t)
	f := newFollower(t, p)
	office := p.pack(pack(t, "office", "1"))
	f.take(t, p, p.publish(office))
	if err := os.Truncate(filepath.Join(f.dir, "office-1", "docs", "en", "office.md"), 7); err != nil {
		t.Fatal(err)
	}
	wanted, err := f.Wanted()
	if err != nil || !slices.Equal(wanted, []ChannelPack{office}) {
		t.Fatalf("wanted are %v, %v", wanted, err)
	}
	if err := f.Follow(p.archives); err != nil {
		t.Fatal(err)
	}
	if errs := broken(f.Load()); len(errs) > 0 {
		t.Error(errs)
	}
}
