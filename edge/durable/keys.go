package durable

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"os"
	"strings"

	"filippo.io/age"

	"jembe/advisory"
)

// SigningKey reads an Ed25519 key (PKCS #8 in PEM); where there is no file it makes one. A file that holds no key is an
// *advisory.Error with the hint.
func SigningKey(path, hint string) (ed25519.PrivateKey, error) {
	data, err := readOrMake(path, func() ([]byte, error) {
		_, key, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			return nil, err
		}
		der, err := x509.MarshalPKCS8PrivateKey(key)
		return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), err
	})
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, &advisory.Error{Code: advisory.Internal, Hint: hint, Err: errors.New("the key file holds no key")}
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	key, ok := parsed.(ed25519.PrivateKey)
	if err != nil || !ok {
		return nil, &advisory.Error{Code: advisory.Internal, Hint: hint, Err: errors.Join(errors.New("the key file holds no Ed25519 key"), err)}
	}
	return key, nil
}

// Identity reads an age X25519 identity, as age-keygen writes it; where there is no file it makes one. Errors as of SigningKey.
func Identity(path, hint string) (*age.X25519Identity, error) {
	data, err := readOrMake(path, func() ([]byte, error) {
		id, err := age.GenerateX25519Identity()
		if err != nil {
			return nil, err
		}
		return []byte(id.String() + "\n"), nil
	})
	if err != nil {
		return nil, err
	}
	id, err := age.ParseX25519Identity(strings.TrimSpace(string(data)))
	if err != nil { // the text is not told: it may be most of a key
		return nil, &advisory.Error{Code: advisory.Internal, Hint: hint, Err: errors.New("the identity file holds no age identity")}
	}
	return id, nil
}

// readOrMake gives the bytes of a private file, which is made of what generate gives when there is none.
func readOrMake(path string, generate func() ([]byte, error)) ([]byte, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if data, err = generate(); err == nil {
			err = WriteFile(path, data)
		}
		return data, err
	}
	if err != nil {
		return nil, err
	}
	return data, os.Chmod(path, 0o600) // a restored file may have lost its mode
}
