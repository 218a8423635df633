package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"jembe/advisory"
	"jembe/edge/hub"
)

type serveCmd struct {
	Listen  string `help:"Address to serve on." default:"0.0.0.0:8443" env:"JEMBE_HUB_LISTEN" placeholder:"ADDR"`
	Address string `help:"Address at which boxes reach the hub, such as https://office.example:8443; default is made from the address it serves on." env:"JEMBE_HUB_ADDRESS" placeholder:"URL"`
	TLS     string `name:"tls" help:"own: by the hub's own authority, at once; off: for a hub behind a proxy, and on this machine." enum:"own,off" default:"own" env:"JEMBE_HUB_TLS"`
	Cert    string `help:"Certificate of another authority, in PEM." env:"JEMBE_HUB_CERT" placeholder:"FILE"`
	CertKey string `help:"Key of that certificate, in PEM." env:"JEMBE_HUB_CERT_KEY" placeholder:"FILE"`

	Backup       string `help:"Folder for a verified backup at regular times, on another disk where there is one; the last 14 stay. Default: none is made." env:"JEMBE_HUB_BACKUP" type:"path" placeholder:"DIR"`
	SecondFactor bool   `help:"Demand a second factor of whoever sees what farmers said, publishes, or manages users." env:"JEMBE_HUB_SECOND_FACTOR"`

	BackupEvery time.Duration `help:"How often." default:"24h" env:"JEMBE_HUB_BACKUP_EVERY" placeholder:"TIME"`
}

// Run serves until it is told to stop. The address is taken first, so that a taken one is told at once.
func (s *serveCmd) Run(ctx context.Context, p *program, c *cli) error {
	if (s.Cert == "") != (s.CertKey == "") {
		return &advisory.Error{Code: advisory.BadRequest, Hint: "give --cert and --cert-key together"}
	}
	if s.BackupEvery < time.Minute {
		return &advisory.Error{Code: advisory.BadRequest, Hint: "--backup-every is a minute or more, such as 24h"}
	}
	listener, err := hub.Listen(ctx, s.Listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	config := p.config(c)
	config.BackupDir, config.BackupEvery, config.SecondFactor = s.Backup, s.BackupEvery, s.SecondFactor
	h, err := hub.Open(ctx, config)
	if err != nil {
		return err
	}
	defer h.Close()
	address := s.address(listener)
	certificates, err := s.certificates(h, address)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "The hub is at %s (its key is %s)\n", address, h.Fingerprint())
	if p.listening != nil {
		p.listening(listener.Addr().String())
	}
	if err := h.Serve(ctx, listener, address, certificates); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// certificates gives what TLS wants; nil where it is off.
func (s *serveCmd) certificates(h *hub.Hub, address string) (*tls.Config, error) {
	switch {
	case s.Cert != "":
		return hub.FileTLS(s.Cert, s.CertKey)
	case s.TLS == "own":
		return h.OwnTLS(address)
	}
	return nil, nil
}

// address is where boxes reach the hub: as told, else by the machine's own address in its network.
func (s *serveCmd) address(l net.Listener) string {
	if s.Address != "" {
		return s.Address
	}
	scheme := "https"
	if s.TLS == "off" && s.Cert == "" {
		scheme = "http"
	}
	at := l.Addr().(*net.TCPAddr)
	host := at.IP.String()
	if at.IP.IsUnspecified() {
		host = machineHost()
	}
	return fmt.Sprintf("%s://%s", scheme, net.JoinHostPort(host, fmt.Sprint(at.Port)))
}

// machineHost is the first address of this machine that others can reach, else its name.
func machineHost() string {
	addresses, _ := net.InterfaceAddrs() // none known: the name is left
	for _, a := range addresses {
		if n, ok := a.(*net.IPNet); ok && n.IP.IsGlobalUnicast() && n.IP.To4() != nil {
			return n.IP.String()
		}
	}
	if name, err := os.Hostname(); err == nil {
		return name
	}
	return "localhost"
}
