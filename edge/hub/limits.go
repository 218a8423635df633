package hub

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// signInLimits hold back who guesses passwords, and only them: a sign-in that succeeds costs nothing, so a whole office
// behind one address is never locked out by its own comings and goings, and one who forgot a password holds back only
// themselves.
type signInLimits struct {
	mu   sync.Mutex
	seen map[string]*rate.Limiter
}

// The failures that are let through at once, and how fast more come back.
var (
	perUserAndAddress = limit{burst: 6, every: time.Minute}
	perAddress        = limit{burst: 60, every: 10 * time.Second}
	perUser           = limit{burst: 100, every: 30 * time.Second} // guesses from many addresses
)

type limit struct {
	burst int
	every time.Duration
}

// maxLimits is how many names and addresses are remembered; past it, those who have nothing held against them are forgotten.
const maxLimits = 10_000

// take counts a try to sign in. When it is one too many, wait says how long to wait; else a sign-in that succeeds gives the try
// back with back.
func (l *signInLimits) take(now time.Time, user, address string) (wait time.Duration, back func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.prune(now)
	address = network(address)
	var taken []*rate.Reservation
	back = func() {
		for _, r := range taken {
			r.CancelAt(now) // as of the moment it was taken, which gives all of it back
		}
	}
	for _, k := range []struct {
		key string
		limit
	}{{"b\x00" + user + "\x00" + address, perUserAndAddress}, {"a\x00" + address, perAddress}, {"u\x00" + user, perUser}} {
		r := l.limiter(k.key, k.limit).ReserveN(now, 1)
		taken = append(taken, r)
		wait = max(wait, r.DelayFrom(now))
	}
	if wait > 0 {
		for _, r := range taken {
			r.CancelAt(now)
		}
	}
	return wait, back
}

// network is what one party has of addresses: all of an IPv6 /64.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Unmap().Is4() {
		return address
	}
	prefix, err := ip.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return prefix.String()
}

func (l *signInLimits) limiter(key string, is limit) *rate.Limiter {
	found := l.seen[key]
	if found == nil {
		found = rate.NewLimiter(rate.Every(is.every), is.burst)
		l.seen[key] = found
	}
	return found
}

func (l *signInLimits) prune(now time.Time) {
	if l.seen == nil {
		l.seen = map[string]*rate.Limiter{}
	}
	if len(l.seen) < maxLimits {
		return
	}
	for key, limiter := range l.seen {
		if limiter.TokensAt(now) >= float64(limiter.Burst()) {
			delete(l.seen, key)
		}
	}
}
