package edge

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"jembe/advisory"
	"jembe/edge/wire"
)

// Times of a request: a slow network carries 12 KiB in 5 seconds, a bad one in a minute.
const (
	dialTime    = 30 * time.Second
	requestTime = 3 * time.Minute
)

// hubClient speaks to the enrolled hub, and to nobody else: no proxy, no redirect.
type hubClient struct {
	Membership
	key    ed25519.PrivateKey
	http   *http.Client
	passed atomic.Int64 // bytes over the network, both ways

	announced *wire.Announcement // by the last reply; nil: the office has published nothing
}

func dialHub(m Membership, key ed25519.PrivateKey) *hubClient {
	h := &hubClient{Membership: m, key: key}
	dialer := &net.Dialer{Timeout: dialTime}
	h.http = &http.Client{
		Timeout:       requestTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				c, err := dialer.DialContext(ctx, network, addr)
				if err != nil {
					return nil, err
				}
				return &countedConn{c, &h.passed}, nil
			},
			TLSClientConfig: h.tls(), TLSHandshakeTimeout: dialTime, MaxIdleConns: 1, IdleConnTimeout: time.Minute,
		},
	}
	return h
}

// tls takes a certificate for which the pinned key vouches, or that the system's authorities vouch for.
func (h *hubClient) tls() *tls.Config {
	return &tls.Config{
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: true, // VerifyConnection decides instead
		VerifyConnection: func(s tls.ConnectionState) error {
			if len(s.PeerCertificates) == 0 {
				return errors.New("the hub shows no certificate")
			}
			leaf := s.PeerCertificates[0]
			if wire.Vouched(leaf, h.Key) {
				return nil
			}
			others := x509.NewCertPool()
			for _, c := range s.PeerCertificates[1:] {
				others.AddCert(c)
			}
			_, err := leaf.Verify(x509.VerifyOptions{DNSName: s.ServerName, Intermediates: others})
			return err
		},
	}
}

// close gives up the connection that is kept between requests.
func (h *hubClient) close() { h.http.CloseIdleConnections() }

// post sends a signed request and reads the signed reply into v. What fails on the way is Unreachable.
func (h *hubClient) post(ctx context.Context, path string, body []byte, v any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(h.Address, "/")+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("User-Agent", "")
	r.Header.Set(wire.HeaderDevice, h.Device)
	r.Header.Set(wire.HeaderSignature, wire.Sign(body, h.key))
	answer, err := h.http.Do(r)
	if err != nil {
		return h.unreachable(err)
	}
	defer answer.Body.Close()
	reply, err := io.ReadAll(io.LimitReader(answer.Body, wire.MaxReply+1))
	if err != nil {
		return h.unreachable(err)
	}
	if len(reply) > wire.MaxReply {
		return h.unreachable(fmt.Errorf("a reply of more than %d bytes", wire.MaxReply))
	}
	return wire.ReadReply(body, answer.StatusCode, reply, answer.Header.Get(wire.HeaderSignature), h.Key, v)
}

func (h *hubClient) unreachable(err error) error {
	if failed := (*url.Error)(nil); errors.As(err, &failed) {
		err = failed.Err // without the address, which the hint has
	}
	return &advisory.Error{Code: advisory.Unreachable, Err: err, Hint: "see that this box has a network, and that the hub runs at " + h.Address}
}

// countedConn counts what passes over a connection.
type countedConn struct {
	net.Conn
	passed *atomic.Int64
}

func (c *countedConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.passed.Add(int64(n))
	return n, err
}

func (c *countedConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.passed.Add(int64(n))
	return n, err
}
