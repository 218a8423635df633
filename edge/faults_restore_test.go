package edge

import (
	"os"
	"path/filepath"

	"pgregory.net/rapid"

	"jembe/edge/hub"
)

// backUp writes a backup of the hub: what is in it may be deleted at the boxes.
func (s *schedule) backUp(*faultyBox) {
	path, _, err := s.hub.Backup(s.ctx, filepath.Join(s.dir, "backups"))
	s.ok(err)
	s.backups = append(s.backups, path)
}

// restoreHub brings the hub back from one of its backups.
func (s *schedule) restoreHub(*faultyBox) {
	if len(s.backups) == 0 {
		return
	}
	path := rapid.SampledFrom(s.backups).Draw(s.T, "backup")
	s.destroying(func() {
		for _, h := range s.opened {
			s.ok(h.Close())
		}
		s.opened = nil
		_, err := hub.Restore(s.ctx, s.config, path, true)
		s.ok(err)
		s.openHub()
	})
}

// yesterday brings the hub back from a backup that lacks what it has confirmed since.
func (s *schedule) yesterday(b *faultyBox) {
	s.backUp(b)
	s.record(b)
	s.contact(b)
	s.backups = s.backups[len(s.backups)-1:]
	s.restoreHub(b)
}

// twinSends withdraws words at a box while its twin still has them, and sends them after.
func (s *schedule) twinSends(b *faultyBox) {
	s.speak(b)
	s.clone(b)
	s.withdraw(b)
	s.record(b)
	s.contactBoth(b)
	s.contact(b)
}

// contactBoth makes a contact of a box, and then of its twin.
func (s *schedule) contactBoth(b *faultyBox) {
	s.contact(b)
	s.contact(s.boxes[len(s.boxes)-1])
}

// image keeps an image of a box's card.
func (s *schedule) image(b *faultyBox) {
	s.ok(b.Close())
	to := filepath.Join(s.dir, rapid.StringMatching(`image-[a-z]{12}`).Draw(s.T, "image"))
	s.ok(copyFolder(to, b.dir))
	b.images = append(b.images, to)
	s.openBox(b)
}

// fromImage writes an image onto a box's card: the box cannot see it.
func (s *schedule) fromImage(b *faultyBox) {
	if len(b.images) == 0 {
		return
	}
	from := rapid.SampledFrom(b.images).Draw(s.T, "image")
	s.onlyOnce = false
	s.destroying(func() {
		s.ok(b.Close())
		s.ok(copyFolder(b.dir, from))
		s.ok(asOriginal(s.ctx, b.dir))
		s.openBox(b)
	})
}

// clone makes a twin of a box, of which there is one at most, that cannot see that it is one. Both are used from then on.
func (s *schedule) clone(b *faultyBox) {
	if len(s.boxes) > 2 {
		return
	}
	s.onlyOnce = false
	s.ok(b.Close())
	twin := &faultyBox{name: b.name + "twin", at: b.at, spoken: append([]string{}, b.spoken...)}
	to := filepath.Join(s.dir, twin.name)
	s.ok(copyFolder(to, b.dir))
	s.ok(asOriginal(s.ctx, to))
	s.openBox(b)
	s.boxes = append(s.boxes, s.openBox(twin))
}

// oldImage brings back an image of a box's card after the box has sent more: another line stands where the next will.
func (s *schedule) oldImage(b *faultyBox) {
	s.image(b)
	s.record(b)
	s.contact(b)
	b.images = b.images[len(b.images)-1:]
	s.fromImage(b)
	s.speak(b)
}

// oldImageCloned makes a twin of a box whose card came from an old image: both record the same again.
func (s *schedule) oldImageCloned(b *faultyBox) {
	s.oldImage(b)
	s.clone(b)
	s.record(b)
	s.contactBoth(b)
}

// oldImageCopied puts the database of such a box back as a copy: what is to be recorded again is of an old epoch.
func (s *schedule) oldImageCopied(b *faultyBox) {
	s.oldImage(b)
	s.copyDatabase(b)
	b.copies = b.copies[len(b.copies)-1:]
	s.fromCopy(b)
	s.record(b)
	s.contact(b)
}

// copyDatabase keeps a copy of the database file alone, as an owner's backup would.
func (s *schedule) copyDatabase(b *faultyBox) {
	s.ok(b.Close())
	data, err := os.ReadFile(b.path())
	s.ok(err)
	to := filepath.Join(s.dir, rapid.StringMatching(`copy-[a-z]{12}`).Draw(s.T, "copy"))
	s.ok(os.WriteFile(to, data, 0o600))
	b.copies = append(b.copies, to)
	s.openBox(b)
}

// fromCopy puts a copy of the database back: the box sees that it is one, and begins an epoch.
func (s *schedule) fromCopy(b *faultyBox) {
	if len(b.copies) == 0 {
		return
	}
	from := rapid.SampledFrom(b.copies).Draw(s.T, "copy")
	s.onlyOnce = false
	s.destroying(func() {
		s.ok(b.Close())
		data, err := os.ReadFile(from)
		s.ok(err)
		s.ok(os.Remove(b.path()))
		s.ok(os.WriteFile(b.path(), data, 0o600))
		s.openBox(b)
	})
}

// destroying does what takes events off a disk. What then stands on none is lost for good, and nobody's fault.
func (s *schedule) destroying(do func()) {
	do()
	left := map[string]bool{}
	for _, b := range s.boxes {
		for _, e := range s.ofBox(b) {
			left[key(e.Event)] = true
		}
	}
	for _, e := range s.ofHub() {
		left[key(e.Event)] = true
	}
	for k := range s.must {
		if !left[k] {
			delete(s.must, k)
		}
	}
	for answer := range s.withdrawn {
		if !left["consent "+answer] {
			delete(s.withdrawn, answer)
		}
	}
}

// stick is one of three that go between the boxes and the office.
func (s *schedule) stick() string {
	dir := filepath.Join(s.dir, rapid.SampledFrom([]string{"stick-1", "stick-2", "stick-3"}).Draw(s.T, "stick"))
	s.ok(os.MkdirAll(dir, 0o700))
	return dir
}

func (s *schedule) writeStick(b *faultyBox) {
	_, err := b.syncer.Stick(s.ctx, s.stick())
	s.ok(err)
}

func (s *schedule) stickAtOffice(*faultyBox) {
	_, err := s.hub.Stick(s.ctx, s.stick())
	s.ok(err)
}

func (s *schedule) loseStick(*faultyBox) { s.ok(os.RemoveAll(s.stick())) }

// copyStick puts what is on one stick on another too: it will come twice, mixed with what is there.
func (s *schedule) copyStick(*faultyBox) {
	from, to := s.stick(), s.stick()
	if from == to {
		return
	}
	s.ok(os.MkdirAll(to+"/jembe", 0o700))
	if _, err := os.Stat(from + "/jembe"); err == nil {
		s.ok(mergeFolder(to, from))
	}
}
