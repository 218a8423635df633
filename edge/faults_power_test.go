package edge

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// disk is an ext4 of its own on a loop device, whose power can be cut.
type disk struct{ image, dir string }

func newDisk(t *testing.T) *disk {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("cutting the power takes root: it mounts an ext4 of its own on a loop device and shuts it down")
	}
	d := &disk{image: filepath.Join(t.TempDir(), "disk.img"), dir: filepath.Join(t.TempDir(), "disk")}
	f, err := os.Create(d.image)
	if err == nil {
		err = f.Truncate(160 << 20)
		f.Close()
	}
	if err == nil {
		err = os.Mkdir(d.dir, 0o700)
	}
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mkfs.ext4", "-q", "-F", d.image).CombinedOutput(); err != nil {
		t.Skipf("cutting the power takes mkfs.ext4, of Debian's e2fsprogs: %v: %s", err, out)
	}
	d.mount(t)
	t.Cleanup(func() { exec.Command("umount", d.dir).Run() })
	return d
}

func (d *disk) mount(t *testing.T) {
	t.Helper()
	if out, err := exec.Command("mount", "-o", "loop", "-t", "ext4", d.image, d.dir).CombinedOutput(); err != nil {
		t.Skipf("cutting the power takes a loop device: %v: %s", err, out)
	}
}

// The ioctl that shuts an ext4 down, and its flag not to write the journal out before: as when the power goes.
const (
	ext4Shutdown   = 0x8004587d
	withoutJournal = 2
)

// cut takes the power away while a child writes, and brings it back. It gives what the child had said before.
func (d *disk) cut(t *testing.T, c *child, words ...string) (told [][]string) {
	t.Helper()
	root, err := os.Open(d.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range words {
		told = append(told, c.told(w)) // before the power goes: later words count for nothing
	}
	err = unix.IoctlSetPointerInt(int(root.Fd()), ext4Shutdown, withoutJournal)
	root.Close()
	if err != nil {
		t.Fatal(err)
	}
	c.kill()
	if out, err := exec.Command("umount", d.dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	d.mount(t)
	return told
}

// R1: what was said to be saved survives a power cut, on the box and at the hub, and the cut begins no epoch.
func TestFaultsPowerCut(t *testing.T) {
	cuts, perDisk := 3, 10
	if *full {
		cuts = 100
	}
	var sum verdict
	confirmed, begun := 0, time.Now()
	for done := 0; done < cuts; done += perDisk {
		d := newDisk(t)
		p := newPair(t, d.dir)
		unix.Sync()
		for i := range min(perDisk, cuts-done) {
			c := startChild(t, childHub+"="+p.hub, childAddress+"="+p.address, childBox+"="+p.box, childRound+"="+fmt.Sprintf("c%02d", i))
			c.await(t, "confirmed", 1)
			time.Sleep(time.Duration(rand.IntN(700)) * time.Millisecond)
			told := d.cut(t, c, "saved", "confirmed")
			p.save(told[0])
			p.wantConfirmed(t, told[1])
			confirmed += len(told[1])
		}
		v := p.settle(t)
		if v.lost+v.duplicated+v.misplaced > 0 || v.epochs != 1 {
			t.Errorf("%+v", v)
		}
		sum = verdict{sum.saved + v.saved, sum.lost + v.lost, sum.duplicated + v.duplicated, sum.misplaced + v.misplaced, sum.epochs + v.epochs - 1}
		exec.Command("umount", d.dir).Run()
	}
	t.Logf("%d power cuts, %d events saved, %d contacts confirmed, in %.0f s: lost %d, duplicated %d, out of order %d; %d epochs begun by a cut",
		cuts, sum.saved, confirmed, time.Since(begun).Seconds(), sum.lost, sum.duplicated, sum.misplaced, sum.epochs)
}

// wantConfirmed checks that the hub still has what it had confirmed, before the box speaks again.
func (p *pair) wantConfirmed(t *testing.T, answers []string) {
	t.Helper()
	db, err := sql.Open("sqlite", p.hub+"/hub.db")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, a := range answers {
		var n int
		if err := db.QueryRow(`SELECT count(*) FROM events WHERE body LIKE '%"answer":"' || ? || '"%'`, a).Scan(&n); err != nil || n != 1 {
			t.Errorf("the hub had confirmed %s, and has it %d times after the cut: %v", a, n, err)
		}
	}
}

// The control: a database opened as most programs open it loses what was saved. If it lost nothing, a cut would show nothing.
func TestFaultsPowerCutControl(t *testing.T) {
	lost, saved, cuts := 0, 0, 0
	for lost == 0 && cuts < 5 {
		d := newDisk(t)
		path := filepath.Join(d.dir, "control.db")
		c := startChild(t, childControl+"="+path)
		c.await(t, "saved", 20)
		time.Sleep(time.Duration(rand.IntN(500)) * time.Millisecond)
		told := len(d.cut(t, c, "saved")[0])
		left := 0
		if db, err := sql.Open("sqlite", path); err == nil {
			_ = db.QueryRow(`SELECT count(*) FROM rows`).Scan(&left) // the table itself may be lost
			db.Close()
		}
		cuts, saved, lost = cuts+1, saved+told, lost+max(told-left, 0)
		exec.Command("umount", d.dir).Run()
	}
	t.Logf("control, synchronous=NORMAL: %d power cuts, %d rows saved, lost %d", cuts, saved, lost)
	if lost == 0 {
		t.Error("the control lost nothing: these cuts show nothing")
	}
}
