package wire

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"

	"jembe/advisory"
)

// Invitation lets one box join one hub. It is a secret until it has been used.
type Invitation struct {
	Address string            `json:"a"` // of the hub, such as https://office.example:8443
	Key     ed25519.PublicKey `json:"k"` // of the hub, 32 bytes: the box takes a word from no other
	Code    string            `json:"c"` // one-time, 80 random bits
}

const invitationPrefix = "jembe1-"

// String gives the invitation as it is typed, pasted or shown as a QR code.
func (i Invitation) String() string {
	b, err := json.Marshal(i)
	if err != nil {
		panic(err) // strings and bytes always have a JSON form
	}
	return invitationPrefix + base64.RawURLEncoding.EncodeToString(b)
}

// ParseInvitation reads an invitation. Spaces and line ends are passed over: it may have been wrapped on its way.
func ParseInvitation(s string) (Invitation, error) {
	refused := &advisory.Error{Code: advisory.BadRequest, Hint: "an invitation begins with " + invitationPrefix + "; have the office make one with jembe-hub enroll, and copy the whole of it"}
	rest, ok := strings.CutPrefix(strings.Join(strings.Fields(s), ""), invitationPrefix)
	if !ok {
		return Invitation{}, refused
	}
	var i Invitation
	b, err := base64.RawURLEncoding.DecodeString(rest)
	if err == nil {
		err = json.Unmarshal(b, &i)
	}
	if err != nil || len(i.Key) != ed25519.PublicKeySize || i.Code == "" {
		refused.Err = err
		return Invitation{}, refused
	}
	return i, CheckAddress(i.Address)
}

// CheckAddress refuses what is no address of a hub: http or https, a host, and nothing after it but a path.
func CheckAddress(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return &advisory.Error{Code: advisory.BadRequest, Err: err, Hint: "give the address of a hub such as https://office.example:8443"}
	}
	return nil
}
