package content

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"aead.dev/minisign"

	"jembe/advisory"
)

// treeOf is a hash of everything below a folder: names, kinds and bytes.
func treeOf(t testing.TB, dir string) string {
	t.Helper()
	h := sha256.New()
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		fmt.Fprintln(h, name, e.Type())
		if !e.Type().IsRegular() {
			return nil
		}
		raw, err := os.ReadFile(name)
		fmt.Fprintf(h, "%x\n", sha256.Sum256(raw))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// wantRefused expects a refusal for one of the reasons.
func wantRefused(t testing.TB, err error, reasons ...advisory.Reason) {
	t.Helper()
	if why, ok := Refused(err); !ok || !slices.Contains(reasons, why) {
		t.Errorf("got %v, want a refusal for one of %v", err, reasons)
	}
}

// victim is a box in use: at version 3 of a channel whose keys rotated once, with two packs and a revocation.
func victim(t *testing.T) (follower, *press, []Publication) {
	p := newPress(t)
	f := newFollower(t, p)
	office := p.pack(pack(t, "office", "1"))
	history := []Publication{p.publish(office)}
	history = append(history, p.rotatePublisher())
	history = append(history, p.revoke(Revocation{Document: "snakebite", Lang: "fr"}))
	history = append(history, p.publish(p.pack(pack(t, "office", "2")), p.pack(pack(t, "vets", "1"))))
	for _, b := range history {
		f.take(t, p, b)
	}
	return f, p, history
}

// TestForgedPublications shows a box in use what a thief, a broken card or a man in the middle might. Each is refused, and not a byte
// on the disk changes.
func TestForgedPublications(t *testing.T) {
	f, p, history := victim(t)
	stranger := newPress(t)
	old := history[0]
	next := func(change func(*Channel)) func() Publication { // signed by the publisher, and wrong all the same
		return func() Publication {
			q := *p
			q.channel.Version++
			q.channel.Packs, q.channel.Revoked = slices.Clone(q.channel.Packs), slices.Clone(q.channel.Revoked)
			change(&q.channel)
			return q.publication()
		}
	}
	raw := func(change func([]byte) []byte) func() Publication { // the bytes of a next version, changed and signed
		return func() Publication {
			q := *p
			q.channel.Version++
			b := q.publication()
			b.Content = Sign(q.pub, change(bytes.Clone(b.Content.Body)), "jembe")
			return b
		}
	}
	signature := func(change func(*minisign.Signature)) func() Publication {
		return func() Publication {
			b := next(func(*Channel) {})()
			var s minisign.Signature
			if err := s.UnmarshalText(b.Content.Signature); err != nil {
				t.Fatal(err)
			}
			change(&s)
			b.Content.Signature = []byte(s.String())
			return b
		}
	}
	keys := func(by minisign.PrivateKey, change func(*ChannelKeys)) func() Publication {
		return func() Publication {
			q := *p
			q.keys.Publishers = slices.Clone(q.keys.Publishers)
			change(&q.keys)
			q.channel.Keys = q.keys.Version
			q.channel.Version++
			q.keysBy = by
			return q.publication()
		}
	}
	replace := func(old, new string) func([]byte) []byte {
		return func(b []byte) []byte {
			if !bytes.Contains(b, []byte(old)) {
				t.Fatalf("%q is not in %s", old, b)
			}
			return bytes.Replace(b, []byte(old), []byte(new), 1)
		}
	}
	attacks := []struct {
		name   string
		why    advisory.Reason
		attack func() Publication
	}{
		{"older manifest replayed", RolledBack, func() Publication { return history[2] }},
		{"oldest manifest with its own, older keys", RolledBack, func() Publication { return old }},
		{"new manifest with older keys", RolledBack, func() Publication { b := history[3]; b.Keys = old.Keys; return b }},
		{"older manifest with newer keys", Forged, func() Publication { b := history[3]; b.Content = old.Content; return b }},
		{"same version, other packs, signed", Mixed, func() Publication { q := *p; q.channel.Packs = []ChannelPack{}; return q.publication() }},
		{"manifest of other keys, signed", Mixed, next(func(c *Channel) { c.Keys-- })},
		{"signed by a stranger", Forged, func() Publication { q := *p; q.pub = stranger.pub; q.channel.Version++; return q.publication() }},
		{"signed by the root instead of a publisher", Forged, func() Publication { q := *p; q.pub = p.root; q.channel.Version++; return q.publication() }},
		{"another office's whole channel", Forged, func() Publication { stranger.channel.Version = 99; return stranger.publish() }},
		{"keys signed by a publisher", Forged, keys(p.pub, func(k *ChannelKeys) { k.Version++ })},
		{"keys signed by a stranger", Forged, keys(stranger.root, func(k *ChannelKeys) { k.Version++ })},
		{"keys of the same version, other publishers", Mixed, keys(p.root, func(k *ChannelKeys) { k.Publishers = append(k.Publishers, public(stranger.pub)) })},
		{"keys rolled back, signed", RolledBack, keys(p.root, func(k *ChannelKeys) { k.Version-- })},
		{"keys of version 0", Malformed, keys(p.root, func(k *ChannelKeys) { k.Version = 0 })},
		{"keys without a publisher", Malformed, keys(p.root, func(k *ChannelKeys) { k.Version++; k.Publishers = []string{} })},
		{"keys in which the root publishes", Malformed, keys(p.root, func(k *ChannelKeys) { k.Version++; k.Publishers = append(k.Publishers, k.Root) })},
		{"keys with a key that is none", Malformed, keys(p.root, func(k *ChannelKeys) { k.Version++; k.Root = "RWQ" })},
		{"keys of a later format", Malformed, keys(p.root, func(k *ChannelKeys) { k.Version++; k.Format = 2 })},
		{"hand-over by a stranger", Forged, func() Publication {
			q := *p
			q.root = stranger.root
			q.rotateRoot()
			return q.publication()
		}},
		{"signature of the keys under the manifest", Forged, func() Publication { b := history[3]; b.Content.Signature = b.Keys.Signature; return b }},
		{"keys in the place of the manifest", Forged, func() Publication { b := history[3]; b.Content = b.Keys; return b }},
		{"trusted comment swapped", Forged, signature(func(s *minisign.Signature) { s.TrustedComment = "jembe content.json version 1000" })},
		{"trusted comment of another signature", Forged, signature(func(s *minisign.Signature) {
			var other minisign.Signature
			if err := other.UnmarshalText(history[2].Content.Signature); err != nil {
				t.Fatal(err)
			}
			s.TrustedComment, s.CommentSignature = other.TrustedComment, other.CommentSignature
		})},
		{"unknown algorithm", Forged, signature(func(s *minisign.Signature) { s.Algorithm = 0x4545 })},
		{"hashed signature passed off as the plain kind", Forged, signature(func(s *minisign.Signature) { s.Algorithm = minisign.EdDSA })},
		{"plain signature, not hashed", Forged, func() Publication {
			b := next(func(*Channel) {})()
			b.Content.Signature = minisign.Sign(p.pub, b.Content.Body)
			return b
		}},
		{"another key's id", Forged, signature(func(s *minisign.Signature) { s.KeyID++ })},
		{"no signature", Forged, func() Publication { b := history[3]; b.Content.Signature = nil; return b }},
		{"huge signature", Forged, func() Publication {
			b := history[3]
			b.Content.Signature = append(bytes.Clone(b.Content.Signature), make([]byte, 1<<20)...)
			return b
		}},
		{"huge manifest, signed", Malformed, raw(func(b []byte) []byte { return append(b, bytes.Repeat([]byte(" "), maxChannel)...) })},
		{"empty manifest, signed", Malformed, raw(func([]byte) []byte { return nil })},
		{"deep manifest, signed", Malformed, raw(func([]byte) []byte { return bytes.Repeat([]byte("["), 100_000) })},
		{"a field too much, signed", Malformed, raw(replace(`"packs"`, `"extra":1,"packs"`))},
		{"a field twice, signed", Malformed, raw(replace(`"keys":`, `"version":9000,"keys":`))},
		{"a field in capitals, signed", Malformed, raw(replace(`"version":`, `"Version":`))},
		{"a space too much, signed", Malformed, raw(replace(`"packs":`, `"packs": `))},
		{"two values, signed", Malformed, raw(func(b []byte) []byte { return append(b, b...) })},
		{"version too large for a number, signed", Malformed, raw(replace(`"keys":`, `"keys":9223372036854775808`))},
		{"version of a fraction, signed", Malformed, raw(replace(`"format":1`, `"format":1.0`))},
		{"version below 1", Malformed, next(func(c *Channel) { c.Version = -5 })},
		{"later format", Malformed, next(func(c *Channel) { c.Format = 2 })},
		{"issued on no day", Malformed, next(func(c *Channel) { c.Issued = "yesterday" })},
		{"two packs of one name", Malformed, next(func(c *Channel) {
			c.Packs = append(c.Packs, ChannelPack{"office", "3", 5, strings.Repeat("a", 64)})
		})},
		{"a path for a name", Malformed, next(func(c *Channel) { c.Packs[0].Name = "../../etc" })},
		{"a path for a version", Malformed, next(func(c *Channel) { c.Packs[0].Version = "1/../../x" })},
		{"a path for a hash", Malformed, next(func(c *Channel) { c.Packs[0].SHA256 = "../../../../../etc/passwd" })},
		{"a pack of no size", Malformed, next(func(c *Channel) { c.Packs[0].Size = 0 })},
		{"a pack of a negative size", Malformed, next(func(c *Channel) { c.Packs[0].Size = -1 })},
		{"a pack larger than any card", Malformed, next(func(c *Channel) { c.Packs[0].Size = 1 << 60 })},
		{"too many packs", Malformed, next(func(c *Channel) {
			for i := range maxPacks {
				c.Packs = append(c.Packs, ChannelPack{fmt.Sprint("p", i), "1", 5, strings.Repeat("a", 64)})
			}
		})},
		{"no list of packs", Malformed, next(func(c *Channel) { c.Packs = nil })},
		{"no list of what is revoked", Malformed, next(func(c *Channel) { c.Revoked = nil })},
		{"a revocation of nothing", Malformed, next(func(c *Channel) { c.Revoked = append(c.Revoked, Revocation{}) })},
		{"a revocation of a path", Malformed, next(func(c *Channel) { c.Revoked = append(c.Revoked, Revocation{Document: "../x"}) })},
		{"a revocation twice", Malformed, next(func(c *Channel) { c.Revoked = append(c.Revoked, c.Revoked[0]) })},
		{"a pack both listed and taken back", Malformed, next(func(c *Channel) {
			c.Revoked = append(c.Revoked, Revocation{Pack: "office", Version: "2"})
		})},
		{"an older pack of a name in a newer manifest", RolledBack, next(func(c *Channel) { c.Packs[0].Version = "1" })},
	}
	before := treeOf(t, f.dir)
	for _, a := range attacks {
		t.Run(a.name, func(t *testing.T) {
			wantRefused(t, f.Accept(f.root, a.attack()), a.why)
			if treeOf(t, f.dir) != before {
				t.Fatal("the disk has changed")
			}
		})
	}
	if len(attacks) < 20 {
		t.Errorf("only %d attacks", len(attacks))
	}
	f.take(t, p, next(func(*Channel) {})()) // and a true one still holds
}

// TestMutatedByteAnywhere flips every bit of every file of a publication in turn. Only the untrusted comment of a signature, which
// minisign does not sign and nobody reads, may be anything.
func TestMutatedByteAnywhere(t *testing.T) {
	f, p, _ := victim(t)
	p.rotateRoot()
	good := p.publication()
	before, tried := treeOf(t, f.dir), 0
	for which := range 6 {
		file := *part(&good, which)
		from := 0
		if which%2 == 1 {
			from = bytes.IndexByte(file, '\n')
		}
		for i := from; i < len(file); i++ {
			for _, bit := range []byte{1, 0x20, 0x80} {
				b := Publication{good.Content, good.Keys, slices.Clone(good.Handovers)}
				bad := bytes.Clone(file)
				bad[i] ^= bit
				*part(&b, which) = bad
				tried++
				if _, ok := Refused(f.Accept(f.root, b)); !ok {
					t.Fatalf("byte %d of file %d changed by %#x: not refused", i, which, bit)
				}
			}
		}
	}
	if treeOf(t, f.dir) != before || tried < 3000 {
		t.Errorf("the disk has changed, or only %d bytes were tried", tried)
	}
	f.take(t, p, good)
}

// part gives one of the six files of a publication.
func part(b *Publication, i int) *[]byte {
	s := []*Signed{&b.Content, &b.Keys, &b.Handovers[0]}[i/2]
	if i%2 == 1 {
		return &s.Signature
	}
	return &s.Body
}
