package wire

import (
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"slices"
)

// vouchOID is the extension of a hub's own certificate in which its signing key vouches for it, below the arc that ITU-T X.667
// leaves to everybody.
var vouchOID = asn1.ObjectIdentifier{2, 25, 1783427593}

// Vouch gives the extension by which the hub's key vouches for the public key of a TLS certificate.
func Vouch(public any, hub ed25519.PrivateKey) (pkix.Extension, error) {
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return pkix.Extension{}, err
	}
	signature, err := hub.Sign(nil, vouched(der), crypto.Hash(0))
	return pkix.Extension{Id: vouchOID, Value: signature}, err
}

// Vouched reports whether the hub's key vouches for a certificate. Its days are not looked at: boxes have no clock to trust.
func Vouched(c *x509.Certificate, hub ed25519.PublicKey) bool {
	at := slices.IndexFunc(c.Extensions, func(e pkix.Extension) bool { return e.Id.Equal(vouchOID) })
	return at >= 0 && ed25519.Verify(hub, vouched(c.RawSubjectPublicKeyInfo), c.Extensions[at].Value)
}

func vouched(publicKey []byte) []byte {
	sum := sha256.Sum256(publicKey)
	return append([]byte("jembe line certificate 1\n"), sum[:]...)
}
