package edge

import (
	"io"
	"net"
	"sync"
	"testing"
)

// trouble is what a network does to each connection.
type trouble struct {
	up, down int64 // bytes that pass to the hub, and back, before the connection breaks off; -1: all
	silent   bool  // nobody is told that it broke off: it stays half open
	answer   string
}

var fine = trouble{up: -1, down: -1}

// network is a TCP proxy between boxes and the hub, which fails as it is told, at any byte.
type network struct {
	net.Listener
	hub string

	mu   sync.Mutex
	now  trouble
	down func() // called once, as soon as a byte of a reply has come from the hub, before any is passed on; nil: nothing
}

// newNetwork makes a network before the hub at an address.
func newNetwork(t testing.TB, hub string) *network {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n := &network{Listener: l, hub: hub, now: fine}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go n.carry(c.(*net.TCPConn))
		}
	}()
	return n
}

func (n *network) url() string { return "http://" + n.Addr().String() }

// be sets what befalls connections from now on.
func (n *network) be(tr trouble) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.now = tr
}

// whenAnswered has f called at the next reply, between the hub's commit and the first byte that the box could see of it.
func (n *network) whenAnswered(f func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.down = f
}

func (n *network) answered() {
	n.mu.Lock()
	f := n.down
	n.down = nil
	n.mu.Unlock()
	if f != nil {
		f()
	}
}

func (n *network) carry(box *net.TCPConn) {
	defer box.Close()
	n.mu.Lock()
	tr, hubAt := n.now, n.hub
	n.mu.Unlock()
	if tr.answer != "" { // by something that is not the hub
		box.Read(make([]byte, 4096))
		io.WriteString(box, tr.answer)
		return
	}
	c, err := net.Dial("tcp", hubAt)
	if err != nil {
		box.SetLinger(0)
		return
	}
	hub := c.(*net.TCPConn)
	defer hub.Close()
	broken := make(chan bool, 2)
	go func() { broken <- pass(hub, box, tr.up, nil) }()
	go func() { broken <- pass(box, hub, tr.down, n.answered) }()
	if !<-broken {
		return
	}
	if tr.silent {
		io.Copy(io.Discard, box) // until the box gives up
		return
	}
	box.SetLinger(0) // a reset, and not an end
	hub.SetLinger(0)
}

// pass carries bytes, at most so many; true when it broke off there.
func pass(to, from *net.TCPConn, most int64, first func()) bool {
	buffer := make([]byte, 4096)
	for passed := int64(0); ; {
		n, err := from.Read(buffer)
		if n > 0 && first != nil {
			first()
			first = nil
		}
		if most >= 0 && passed+int64(n) > most {
			to.Write(buffer[:most-passed])
			return true
		}
		passed += int64(n)
		if _, err := to.Write(buffer[:n]); err != nil {
			return false
		}
		if err != nil {
			return false
		}
	}
}
