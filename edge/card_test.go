package edge

import (
	"bytes"
	"database/sql"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"jembe/edge/hub"
)

// planted is all that a stolen card must not tell: parts of it are looked for, as a thief would.
func planted(sound []byte) map[string][]byte {
	return map[string][]byte{
		"a name": []byte("Nekesa"), "a number": []byte("345 678"), "words": []byte("porcupines dig"),
		"a voice": sound[len(sound)/2 : len(sound)/2+64], "the voice's end": sound[len(sound)-64:],
	}
}

// humming is a voice that nothing else on a card sounds like.
func humming(t *testing.T) []byte {
	t.Helper()
	sound := tone(3e9)
	for i := 44; i < len(sound); i++ {
		sound[i] = byte(i*i>>3) ^ byte(i>>7) ^ sound[i]
	}
	return sound
}

// dayOfUse asks for people, sends, hears replies, takes back, and leaves some waiting.
func dayOfUse(t *testing.T, v *village, sound []byte) {
	t.Helper()
	words := plantedName + " asks: " + plantedWords + ", call " + plantedNumber
	first := v.escalateWords(t, words)
	once(t, v.syncer)
	e := v.waiting(t)
	v.replyTo(t, e.ID, "Fence the plot.", nil)
	once(t, v.syncer)
	v.back(t, first)
	taken := v.escalateVoice(t, sound)
	once(t, v.syncer)
	post(t, v.Server, "/v1/replies/"+taken.Code+"/withdrawal", `{"picture":`+string(rune('0'+taken.Picture))+`}`)
	once(t, v.syncer)
	for range 5 { // of which nothing has gone yet
		v.escalateWords(t, words)
		v.escalateVoice(t, sound)
	}
	askFor(t, v.Server, `{"text":"`+words+`","lang":"en"}`) // without consent
	if all, err := v.office.Desk().Escalations(t.Context(), hub.Waiting{Answered: true}, 0, 10); err != nil || len(all) != 1 {
		t.Fatalf("the day did not happen: %+v %v", all, err)
	}
}

// Everything that a day of escalations leaves in the data folder, freed pages and the log of the database among it, before the
// program ends and after.
func TestAStolenCardTellsNothing(t *testing.T) {
	v := newVillage(t)
	sound := humming(t)
	dayOfUse(t, v, sound)
	look := func(when string) {
		for what, bytes := range planted(sound) {
			if in := found(t, v.Store.dir, bytes); in != nil {
				t.Errorf("%s: %s in %v", when, what, in)
			}
		}
	}
	look("while it runs")
	if _, err := v.Store.db.Write.Exec(`CREATE TABLE control (words TEXT)`); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Store.db.Write.Exec(`INSERT INTO control VALUES (?)`, plantedName+plantedNumber+plantedWords+string(planted(sound)["a voice"])); err != nil {
		t.Fatal(err)
	}
	for _, what := range []string{"a name", "a number", "words", "a voice"} { // what is written in the clear is found: the scan works
		if found(t, v.Store.dir, planted(sound)[what]) == nil {
			t.Errorf("the control: %s is not found", what)
		}
	}
	_, err := v.Store.erase(t.Context(), func(tx *sql.Tx) (sql.Result, mark, error) {
		result, err := tx.Exec(`DELETE FROM control`)
		return result, mark{}, err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := v.Store.Close(); err != nil {
		t.Fatal(err)
	}
	look("after it has ended")
}

// The same on a card: the raw bytes of an ext4 image, with its journal and whatever files were there once.
func TestAStolenCardImageTellsNothing(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("mounting a card image wants root: sudo go test ./edge -run StolenCardImage")
	}
	if _, err := exec.LookPath("mkfs.ext4"); err != nil {
		t.Skip("needs mkfs.ext4: sudo apt-get install e2fsprogs")
	}
	image, card := mountCard(t)
	o := newOffice(t)
	store := newStore(t, filepath.Join(card, "data"))
	s := newTestServer(t, func(c *Config) { c.Store, c.Advisor.Recorder = store, store })
	if _, err := Enrol(t.Context(), store, o.invite(t), "test"); err != nil {
		t.Fatal(err)
	}
	v := &village{s, o, NewSyncer(SyncConfig{Store: store, Version: "test", Log: slog.New(slog.DiscardHandler)})}
	sound := humming(t)
	dayOfUse(t, v, sound)
	look := func(what string) bool {
		raw := rawCard(t, image, card)
		return bytes.Contains(raw, planted(sound)[what])
	}
	for what := range planted(sound) {
		if look(what) {
			t.Errorf("%s is on the card", what)
		}
	}
	control := filepath.Join(card, "control")
	if err := os.WriteFile(control, []byte(plantedName), 0o600); err != nil {
		t.Fatal(err)
	}
	rawCard(t, image, card)
	if err := os.Remove(control); err != nil {
		t.Fatal(err)
	}
	if !look("a name") { // even of a file that is gone
		t.Error("the control is not found: the scan is blind")
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
}

// mountCard makes an ext4 image and mounts it until the test ends.
func mountCard(t *testing.T) (image, card string) {
	t.Helper()
	image, card = filepath.Join(t.TempDir(), "card.img"), t.TempDir()
	if err := os.WriteFile(image, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(image, 64<<20); err != nil {
		t.Fatal(err)
	}
	for _, step := range [][]string{{"mkfs.ext4", "-q", "-F", image}, {"mount", "-o", "loop", image, card}} {
		if out, err := exec.Command(step[0], step[1:]...).CombinedOutput(); err != nil {
			t.Skipf("%v: %v %s; needs root and a loop device", step, err, out)
		}
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", "-l", card).CombinedOutput(); err != nil {
			t.Errorf("umount: %v %s", err, out)
		}
	})
	return image, card
}

// rawCard gives the bytes of the image once all that was written is in it.
func rawCard(t *testing.T, image, card string) []byte {
	t.Helper()
	if out, err := exec.Command("sync", "-f", card).CombinedOutput(); err != nil {
		t.Fatalf("sync: %v %s", err, out)
	}
	raw, err := os.ReadFile(image)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
