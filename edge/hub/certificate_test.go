package hub

import (
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"jembe/advisory"
	"jembe/edge/wire"
)

func TestOwnCertificateIsKeptWhileItServes(t *testing.T) {
	h := openHub(t, Config{Data: t.TempDir()})
	leaf := func(address string) *x509.Certificate {
		t.Helper()
		c, err := h.OwnTLS(address)
		if err != nil {
			t.Fatal(err)
		}
		return c.Certificates[0].Leaf
	}
	first := leaf("https://10.0.0.3:8443")
	if !wire.Vouched(first, h.Key()) || first.VerifyHostname("10.0.0.3") != nil {
		t.Error("the hub's key does not vouch for its certificate")
	}
	if again := leaf("https://10.0.0.3:9443"); !again.Equal(first) {
		t.Error("another certificate at the second start")
	}
	if other := leaf("https://office.example:8443"); other.Equal(first) || other.VerifyHostname("office.example") != nil {
		t.Error("no certificate for the new name")
	}
	named := leaf("https://office.example:8443")
	h.clock = func() time.Time { return time.Now().AddDate(0, 0, certificateDays-20) }
	if renewed := leaf("https://office.example:8443"); renewed.Equal(named) || !wire.Vouched(renewed, h.Key()) {
		t.Error("a certificate that is about to end is kept")
	}
	stranger := openHub(t, Config{Data: t.TempDir()})
	if wire.Vouched(first, stranger.Key()) {
		t.Error("another hub's key vouches for it")
	}
	if st, err := os.Stat(filepath.Join(h.Data, "certificate.pem")); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", st, err)
	}
}

func TestCertificateFiles(t *testing.T) {
	h := openHub(t, Config{Data: t.TempDir()})
	if _, err := h.OwnTLS("https://office.example"); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(h.Data, "certificate.pem") // certificate and key in one, as good as any
	if c, err := FileTLS(file, file); err != nil || len(c.Certificates) != 1 {
		t.Errorf("%v", err)
	}
	_, err := FileTLS(file, filepath.Join(h.Data, "none"))
	if e := (*advisory.Error)(nil); !errors.As(err, &e) || e.Hint == "" {
		t.Errorf("%v, want an error with a hint", err)
	}
}
