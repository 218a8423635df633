package content

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"aead.dev/minisign"
)

// press is an office that publishes: it holds the keys and signs what a test wants to have signed.
type press struct {
	t         testing.TB
	root, pub minisign.PrivateKey
	keys      ChannelKeys
	keysBy    minisign.PrivateKey
	handovers []Signed
	channel   Channel
	archives  string // folder: archives by their SHA-256
}

func newKey(t testing.TB) minisign.PrivateKey {
	t.Helper()
	_, k, err := minisign.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func public(k minisign.PrivateKey) string { return k.Public().(minisign.PublicKey).String() }

func newPress(t testing.TB) *press {
	p := &press{t: t, root: newKey(t), pub: newKey(t), archives: t.TempDir()}
	p.keysBy = p.root
	p.keys = ChannelKeys{Format: 1, Version: 1, Root: public(p.root), Publishers: []string{public(p.pub)}}
	p.channel = Channel{Format: 1, Keys: 1, Issued: "2026-11-25T19:00:00Z", Packs: []ChannelPack{}, Revoked: []Revocation{}}
	return p
}

// pack makes an archive available, and gives its entry.
func (p *press) pack(archive string) ChannelPack {
	p.t.Helper()
	raw, err := os.ReadFile(archive)
	if err != nil {
		p.t.Fatal(err)
	}
	made, err := Verify(archive)
	if err != nil {
		p.t.Fatal(err)
	}
	return p.entry(made.Manifest.Name, made.Manifest.Version, raw)
}

// entry makes any bytes available as a pack of that name.
func (p *press) entry(name, version string, raw []byte) ChannelPack {
	p.t.Helper()
	if err := os.WriteFile(filepath.Join(p.archives, hashOf(raw)), raw, 0o644); err != nil {
		p.t.Fatal(err)
	}
	return ChannelPack{name, version, int64(len(raw)), hashOf(raw)}
}

// publish gives the next version of the channel, with these packs.
func (p *press) publish(packs ...ChannelPack) Publication {
	p.channel.Version++
	p.channel.Packs = append([]ChannelPack{}, packs...)
	return p.publication()
}

// revoke takes something back for good, and out of the packs.
func (p *press) revoke(r Revocation) Publication {
	p.channel.Revoked = append(slices.Clone(p.channel.Revoked), r)
	packs := slices.DeleteFunc(slices.Clone(p.channel.Packs), func(k ChannelPack) bool { return r.takesBack(k.Name, k.Version) })
	return p.publish(packs...)
}

func (p *press) publication() Publication {
	return Publication{
		Content:   Sign(p.pub, p.channel.Encode(), fmt.Sprint("jembe content.json version ", p.channel.Version)),
		Keys:      Sign(p.keysBy, p.keys.Encode(), fmt.Sprint("jembe keys.json version ", p.keys.Version)),
		Handovers: p.handovers,
	}
}

// rotatePublisher puts a new publisher in the place of the one before.
func (p *press) rotatePublisher() Publication {
	p.pub = newKey(p.t)
	p.keys.Version++
	p.keys.Publishers = []string{public(p.pub)}
	p.keysBy = p.root
	p.channel.Keys = p.keys.Version
	return p.publish(p.channel.Packs...)
}

// rotateRoot hands over to a new root.
func (p *press) rotateRoot() Publication {
	next := newKey(p.t)
	p.keys.Version++
	p.keys.Root = public(next)
	p.handovers = append(slices.Clone(p.handovers), Sign(p.root, p.keys.Encode(), "jembe root"))
	p.root, p.keysBy = next, next
	p.keys.Version++
	p.channel.Keys = p.keys.Version
	return p.publish(p.channel.Packs...)
}

// follower is a box that follows a press.
type follower struct {
	*Shelf
	root string
}

func newFollower(t testing.TB, p *press) follower {
	return follower{NewShelf(t.TempDir()), public(p.root)}
}

// take accepts a publication and puts its packs into use.
func (f follower) take(t testing.TB, p *press, b Publication) {
	t.Helper()
	if err := f.Accept(f.root, b); err != nil {
		t.Fatal(err)
	}
	if err := f.Follow(p.archives); err != nil {
		t.Fatal(err)
	}
}

func (f follower) wantInUse(t testing.TB, want ...string) {
	t.Helper()
	if got := inUse(f.Shelf); !slices.Equal(got, append([]string{}, want...)) {
		t.Errorf("in use are %v, want %v", got, want)
	}
}
