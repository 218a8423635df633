package wire_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"filippo.io/age"
	"pgregory.net/rapid"

	"jembe/advisory"
	"jembe/edge/wire"
)

// key is made of a seed that is printed here, so that signatures can be golden.
func key(seed byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))
}

func public(k ed25519.PrivateKey) ed25519.PublicKey { return k.Public().(ed25519.PublicKey) }

// Ids, signatures and invitations that are in the field are never read otherwise.
func TestGoldenSignatures(t *testing.T) {
	i := wire.Invitation{Address: "https://office.example:8443", Key: public(key(2)), Code: "abcdefghijklmnop"}
	for _, g := range []struct{ what, got, want string }{
		{"key id", wire.KeyID(public(key(1))), "gr2q7gf5lh6pzfdn"},
		{"request", wire.Sign([]byte("body"), key(1)), "Y0wM5CZFYHz5w5xpS2gCsgL-libskfYdIdw93x-2vVP8MD4AQlA2hMNPzTrnGqJXT4-zN9OifUL4tTgyC7CiBQ"},
		{"reply", wire.SignReply([]byte("body"), 200, []byte("reply"), key(2)), "pFdow5otEqRmHDbgDONDK22RYMPBLEzNsKGDBkeeCdwgo7-lm4CI7pAvNkFu_w-fvaqJbXOO1qb7YPSgbuGzAw"},
		{"invitation", i.String(), "jembe1-eyJhIjoiaHR0cHM6Ly9vZmZpY2UuZXhhbXBsZTo4NDQzIiwiayI6ImdUbDNEcWg5RjE5V28xUm13MHgrek11TmlwRzA3amVpWGZZUFc0L0pzNVE9IiwiYyI6ImFiY2RlZmdoaWprbG1ub3AifQ"},
	} {
		if g.got != g.want {
			t.Errorf("%s is %s, want %s", g.what, g.got, g.want)
		}
	}
}

func TestSignedRequests(t *testing.T) {
	body := []byte("a request")
	s := wire.Sign(body, key(1))
	if !wire.Signed(body, s, public(key(1))) {
		t.Error("its own signature is refused")
	}
	for name, ok := range map[string]bool{
		"other body": wire.Signed([]byte("a Request"), s, public(key(1))), "other key": wire.Signed(body, s, public(key(2))),
		"no signature": wire.Signed(body, "", public(key(1))), "no base64": wire.Signed(body, "!"+s, public(key(1))),
		"no key": wire.Signed(body, s, nil), "a reply's": wire.Signed(body, wire.SignReply(body, 200, body, key(1)), public(key(1))),
	} {
		if ok {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestRepliesAreTakenOnlyAsTheyWereSigned(t *testing.T) {
	request, reply := []byte("request"), []byte(`{"device":"d","time_ms":5}`)
	s := wire.SignReply(request, 200, reply, key(2))
	var r wire.Reply
	if err := wire.ReadReply(request, 200, reply, s, public(key(2)), &r); err != nil || r.Time != 5 {
		t.Fatalf("%+v %v", r, err)
	}
	for name, err := range map[string]error{
		"to another request": wire.ReadReply([]byte("other"), 200, reply, s, public(key(2)), &r),
		"another status":     wire.ReadReply(request, 403, reply, s, public(key(2)), &r),
		"another reply":      wire.ReadReply(request, 200, []byte(`{"time_ms":6}`), s, public(key(2)), &r),
		"another hub":        wire.ReadReply(request, 200, reply, s, public(key(1)), &r),
		"unsigned":           wire.ReadReply(request, 200, reply, "", public(key(2)), &r),
		"a request's":        wire.ReadReply(reply, 200, reply, wire.Sign(reply, key(2)), public(key(2)), &r),
	} {
		if e := wire.AsError(err); err == nil || e.Code != advisory.Unreachable || e.Hint == "" {
			t.Errorf("%s: %v, want unreachable with a hint", name, err)
		}
	}
	refusal := []byte(`{"code":"forbidden","hint":"ask the office","status":403}`)
	err := wire.ReadReply(request, http.StatusForbidden, refusal, wire.SignReply(request, http.StatusForbidden, refusal, key(2)), public(key(2)), &r)
	if e := wire.AsError(err); e.Code != advisory.Forbidden || e.Hint != "ask the office" {
		t.Errorf("a signed refusal: %v", err)
	}
}

func TestInvitationsComeBackAndOthersAreRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		i := wire.Invitation{Address: "https://" + rapid.StringMatching(`[a-z0-9.-]{1,40}(:[1-9][0-9]{0,3})?`).Draw(t, "host"), Key: public(key(rapid.Byte().Draw(t, "key"))), Code: wire.RandomID(10)}
		text := i.String()
		wrapped := text[:20] + "\n " + text[20:] + "\n"
		got, err := wire.ParseInvitation(wrapped)
		if err != nil && wire.CheckAddress(i.Address) == nil || err == nil && (got.Address != i.Address || got.Code != i.Code || !got.Key.Equal(i.Key)) {
			t.Fatalf("%+v, %v", got, err)
		}
		at := rapid.IntRange(0, len(text)-1).Draw(t, "cut")
		if _, err := wire.ParseInvitation(text[:at]); err == nil {
			t.Fatalf("cut at %d of %d and taken", at, len(text))
		}
	})
	for _, address := range []string{"", "office", "ftp://office", "https://", "https://u:p@office", "https://office?x", "https://office#x", "javascript:alert(1)"} {
		if err := wire.CheckAddress(address); err == nil {
			t.Errorf("%q is taken for an address", address)
		}
	}
}

func TestSealedFiles(t *testing.T) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	c := wire.Carried{Device: "d", Signature: "s", Status: 200, Request: []byte{1, 2}, Body: []byte("line one\nline two\x00")}
	sealed, err := wire.Seal(c, id.Recipient().String())
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("line")) || bytes.Contains(sealed, []byte(base64.StdEncoding.EncodeToString(c.Body))) {
		t.Error("the sealed file can be read")
	}
	got, err := wire.Unseal(sealed, id)
	if err != nil || got.Device != "d" || got.Status != 200 || !bytes.Equal(got.Body, c.Body) || !bytes.Equal(got.Request, c.Request) {
		t.Errorf("%+v %v", got, err)
	}
	for at := range sealed {
		broken := bytes.Clone(sealed)
		broken[at] ^= 1
		if got, err := wire.Unseal(broken, id); err == nil {
			t.Errorf("byte %d changed, and opened as %+v", at, got)
		}
	}
	if _, err := wire.Seal(c, "age1"+strings.Repeat("q", 58)); err == nil {
		t.Error("sealed to nobody")
	}
}
