package hub

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"jembe/advisory"
	"jembe/edge/durable"
	"jembe/edge/wire"
)

// certificateDays is how long a certificate of the hub's own holds; a new one is made at a start within the last month. Boxes go by
// the signature of the hub's key, and not by the days.
const certificateDays = 825

// OwnTLS gives TLS by the hub's own authority: a certificate for the address's host, kept in <data>/certificate.pem, for which
// the hub's key vouches.
func (h *Hub) OwnTLS(address string) (*tls.Config, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(h.Data, "certificate.pem")
	pair, err := tls.LoadX509KeyPair(path, path)
	if err != nil || !h.fits(pair.Leaf, u.Hostname()) {
		made, err := h.makeCertificate(u.Hostname())
		if err != nil {
			return nil, err
		}
		if err := durable.WriteFile(path, made); err != nil {
			return nil, folderError(h.Data, err)
		}
		if pair, err = tls.X509KeyPair(made, made); err != nil {
			return nil, err
		}
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}

// fits reports whether a kept certificate still serves.
func (h *Hub) fits(c *x509.Certificate, host string) bool {
	return c.VerifyHostname(host) == nil && h.clock().AddDate(0, 1, 0).Before(c.NotAfter) && wire.Vouched(c, h.Key())
}

// makeCertificate gives a certificate and its key in PEM. ECDSA, because browsers take no Ed25519.
func (h *Hub) makeCertificate(host string) ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	vouch, err := wire.Vouch(&key.PublicKey, h.key)
	if err != nil {
		return nil, err
	}
	now := h.clock()
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "Jembe hub " + h.Fingerprint()},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(0, 0, certificateDays),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true, ExtraExtensions: []pkix.Extension{vouch},
	}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{host}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return slices.Concat(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})), nil
}

// FileTLS gives TLS by files in PEM, such as those of a public authority.
func FileTLS(certificate, key string) (*tls.Config, error) {
	pair, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil {
		hint := "give the certificate with --cert and its key with --cert-key, both in PEM"
		if os.IsPermission(err) {
			hint = "let this user read the files"
		}
		return nil, &advisory.Error{Code: advisory.BadRequest, Err: err, Hint: hint}
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}
