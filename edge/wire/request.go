package wire

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"jembe/advisory"
)

// Where the hub listens for boxes.
const (
	PathPush   = "/v1/line"
	PathEnroll = "/v1/line/enroll"
)

// The headers of a request and of its reply.
const (
	HeaderDevice    = "Jembe-Device"
	HeaderSignature = "Jembe-Signature"
)

// MaxReply is the most that a box reads of a reply, in bytes.
const MaxReply = 1 << 20

// Reply is what the hub says to a push.
type Reply struct {
	Device string     `json:"device"`          // for which it is
	Time   int64      `json:"time_ms"`         // the hub's clock, Unix ms
	Epochs []Progress `json:"epochs"`          // of this box, the one of the request first
	Begin  *Begin     `json:"begin,omitempty"` // the record of another box stands in this one's place

	Content  *Announcement `json:"content,omitempty"`  // none: nothing was published
	Settings *Settings     `json:"settings,omitempty"` // none: the box has them already

	Replies []PersonReply `json:"replies,omitempty"` // to farmers, that the box is not known to have; at most MaxReplies
	Got     []string      `json:"got,omitempty"`     // replies that the request told were received: the hub will not send them again
	Has     []string      `json:"has,omitempty"`     // escalations of the request that are whole at the hub
	Lacks   []string      `json:"lacks,omitempty"`   // escalations of the request that are not
	Closed  []string      `json:"closed,omitempty"`  // escalations of the request to which nobody will reply here: they were closed without a reply
}

// Progress is how far the record of an epoch has come at the hub.
type Progress struct {
	Epoch   string `json:"epoch"`
	Through int64  `json:"accepted_through"` // committed, gapless from 1; of the request's epoch at most the request's last line
	Safe    int64  `json:"safe_through"`     // in a verified backup too; 0 where the office makes none
	Head    []byte `json:"head"`             // the first BeforeBytes of the chain's hash at Through
	Again   bool   `json:"again,omitempty"`  // the chain before the request's first line is another: send from the oldest line there is
}

// Begin orders a box to record what it has of the epoch, from a seq on, again in another one: at the hub those places are taken by
// other bytes.
type Begin struct {
	Epoch string `json:"epoch"`
	From  int64  `json:"from"`
	Ended bool   `json:"ended,omitempty"` // there the box's record ended, and the hub's goes on; it says nothing to a box whose own goes on by now
	Found []byte `json:"found,omitempty"` // the first BeforeBytes of the request's chain's hash at From: the order is for the record that has it; none with Ended, or from an older hub
}

// Enrolment is the request of a box that was invited.
type Enrolment struct {
	Code      string            `json:"code"`
	Key       ed25519.PublicKey `json:"key"`       // of the box
	Recipient string            `json:"recipient"` // age, for what comes down on a stick
	Version   string            `json:"version"`   // of the program
}

// Enrolled is the reply to an Enrolment.
type Enrolled struct {
	Device    string `json:"device"`
	Recipient string `json:"recipient"` // age, of the hub: for escalations and sticks
	Root      string `json:"root"`      // public key of minisign that says who publishes content
	Village   string `json:"village"`
	Time      int64  `json:"time_ms"`
}

const (
	signRequest = "jembe line request 1\n"
	signReply   = "jembe line reply 1\n"
)

// Sign gives the signature of a request's body, in unpadded base64url.
func Sign(body []byte, box ed25519.PrivateKey) string {
	return base64.RawURLEncoding.EncodeToString(ed25519.Sign(box, signedRequest(body)))
}

// Signed reports whether a signature of a request's body is the box's.
func Signed(body []byte, signature string, box ed25519.PublicKey) bool {
	s, err := base64.RawURLEncoding.DecodeString(signature)
	return err == nil && len(box) == ed25519.PublicKeySize && ed25519.Verify(box, signedRequest(body), s)
}

func signedRequest(body []byte) []byte {
	sum := sha256.Sum256(body)
	return append([]byte(signRequest), sum[:]...)
}

// SignReply gives the signature of a reply to a request, in unpadded base64url. It covers the status: a refusal cannot be made of
// another reply.
func SignReply(request []byte, status int, reply []byte, hub ed25519.PrivateKey) string {
	return base64.RawURLEncoding.EncodeToString(ed25519.Sign(hub, signedReply(sha256.Sum256(request), status, reply)))
}

func signedReply(request Hash, status int, reply []byte) []byte {
	r := sha256.Sum256(reply)
	return slices.Concat([]byte(signReply), request[:], fmt.Appendf(nil, "%d\n", status), r[:])
}

// ReadReply reads what came back for a request into v. What is not signed by the hub is Unreachable: somebody else answers there. A
// refusal that is signed is the *advisory.Error that the hub gave.
func ReadReply(request []byte, status int, reply []byte, signature string, hub ed25519.PublicKey, v any) error {
	return readReply(sha256.Sum256(request), status, reply, signature, hub, v)
}

// Read reads the reply that a stick has carried, as ReadReply does. It may be older than others that have come.
func (c Carried) Read(hub ed25519.PublicKey, v any) error {
	if len(c.Request) != sha256.Size {
		return errBroken
	}
	return readReply(Hash(c.Request), c.Status, c.Body, c.Signature, hub, v)
}

func readReply(request Hash, status int, reply []byte, signature string, hub ed25519.PublicKey, v any) error {
	s, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil || !ed25519.Verify(hub, signedReply(request, status, reply), s) {
		return &advisory.Error{Code: advisory.Unreachable, Err: fmt.Errorf("an answer (%d) that the hub has not signed", status),
			Hint: "something else than the office's hub answers at this address: a sign-in page of the network, a proxy, or a hub with another key"}
	}
	if status != http.StatusOK {
		var p Problem
		if err := json.Unmarshal(reply, &p); err != nil {
			return fmt.Errorf("read problem: %w", err)
		}
		return &advisory.Error{Code: p.Code, Hint: p.Hint, Err: fmt.Errorf("the hub answers %d", status)}
	}
	if err := json.Unmarshal(reply, v); err != nil {
		return fmt.Errorf("read reply: %w", err)
	}
	return nil
}
