package content

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestStockMinisignVerifies holds our signatures and keys against the minisign that everybody has.
func TestStockMinisignVerifies(t *testing.T) {
	if _, err := exec.LookPath("minisign"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("apt-get install minisign")
		}
		t.Skip("needs minisign: apt-get install minisign")
	}
	p := newPress(t)
	b := p.publish(p.pack(pack(t, "office", "1")))
	dir := t.TempDir()
	for name, s := range map[string]Signed{"content.json": b.Content, "keys.json": b.Keys} {
		overwrite(t, filepath.Join(dir, name), s.Body)
		overwrite(t, filepath.Join(dir, name+".minisig"), s.Signature)
	}
	verify := func(name, key string) error {
		c := exec.Command("minisign", "-Vm", name, "-P", key)
		c.Dir = dir
		return c.Run()
	}
	if err := verify("content.json", public(p.pub)); err != nil {
		t.Error("content.json: ", err)
	}
	if err := verify("keys.json", public(p.root)); err != nil {
		t.Error("keys.json: ", err)
	}
	if verify("content.json", public(p.root)) == nil {
		t.Error("minisign takes the root's key for content.json")
	}
	overwrite(t, filepath.Join(dir, "content.json"), append(b.Content.Body, ' '))
	if verify("content.json", public(p.pub)) == nil {
		t.Error("minisign takes a changed content.json")
	}
	stockSigns(t, p, dir)
}

// stockSigns signs keys.json with minisign itself, as an office may whose root key never touches the hub.
func stockSigns(t *testing.T, p *press, dir string) {
	secret, err := p.root.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	overwrite(t, filepath.Join(dir, "root.key"), append(secret, '\n'))
	c := exec.Command("minisign", "-S", "-W", "-m", "keys.json", "-s", "root.key")
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("minisign -S: %v\n%s", err, out)
	}
	b := p.publication()
	if b.Keys.Signature, err = os.ReadFile(filepath.Join(dir, "keys.json.minisig")); err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(b.Keys.Signature, p.publication().Keys.Signature) {
		t.Fatal("minisign did not sign")
	}
	if err := NewShelf(t.TempDir()).Accept(public(p.root), b); err != nil {
		t.Error("keys.json signed by minisign itself: ", err)
	}
}

func FuzzParseChannel(f *testing.F) {
	p := newPress(f)
	p.channel.ReviewBy = "2027-03-31"
	p.publish(ChannelPack{"office", "1", 5, hashOf(nil)})
	p.revoke(Revocation{Document: "goat-pen", Lang: "sw", Except: []string{hashOf(nil)}})
	f.Add(p.channel.Encode())
	p.revoke(Revocation{Pack: "office", Version: "1"})
	f.Add(p.channel.Encode())
	f.Add([]byte(`{"format":1,"version":1,"keys":1,"issued":"2026-11-25T19:00:00Z","packs":[],"revoked":[]}` + "\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := ParseChannel(raw)
		if err != nil {
			return
		}
		if !bytes.Equal(c.Encode(), raw) {
			t.Fatalf("%q is read, and written as %q", raw, c.Encode())
		}
		for _, k := range c.Packs {
			if dir := NewShelf("/x").path(k.ref()); filepath.Dir(dir) != "/x/packs" {
				t.Fatalf("%q leads to %s", raw, dir)
			}
		}
	})
}

func FuzzParseChannelKeys(f *testing.F) {
	p := newPress(f)
	f.Add(p.keys.Encode())
	p.rotateRoot()
	p.rotatePublisher()
	f.Add(p.keys.Encode())
	f.Fuzz(func(t *testing.T, raw []byte) {
		k, err := ParseChannelKeys(raw)
		if err == nil && !bytes.Equal(k.Encode(), raw) {
			t.Fatalf("%q is read, and written as %q", raw, k.Encode())
		}
	})
}

// FuzzPublication shows a box any bytes: without the keys nothing gets in, and nothing crashes.
func FuzzPublication(f *testing.F) {
	p := newPress(f)
	b := p.publish()
	f.Add(b.Content.Body, b.Content.Signature, b.Keys.Body, b.Keys.Signature, b.Keys.Body, b.Keys.Signature)
	p.rotateRoot()
	n := p.publication()
	f.Add(n.Content.Body, n.Content.Signature, n.Keys.Body, n.Keys.Signature, n.Handovers[0].Body, n.Handovers[0].Signature)
	stranger := newPress(f)
	root := public(stranger.root)
	f.Fuzz(func(t *testing.T, a, as, k, ks, h, hs []byte) {
		var nothing *following
		if _, err := nothing.judge(root, Publication{Signed{a, as}, Signed{k, ks}, []Signed{{h, hs}}}); err == nil {
			t.Fatal("a box takes what none of its keys has signed")
		} else if _, ok := Refused(err); !ok {
			t.Fatalf("%v is no refusal", err)
		}
	})
}
