package edge

import (
	"errors"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"jembe/advisory"
)

// Wrong codes that a box hears out: so many at once, then one in so long. With 50 replies waiting among 9,000 pairs of code and picture
// whoever guesses day and night finds one in six hours, and it says nothing of whose it is.
const (
	wrongCodes = 8
	wrongEvery = 2 * time.Minute
)

// tries keeps a box from being asked for replies by guessing. Right codes cost nothing.
type tries struct {
	mu   sync.Mutex // held while a code is looked up, so that many at once are no way around
	left *rate.Limiter
}

func newTries() *tries { return &tries{left: rate.NewLimiter(rate.Every(wrongEvery), wrongCodes)} }

// try runs look unless too many codes were wrong.
func (t *tries) try(look func() error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.left.Tokens() < 1 {
		return &advisory.Error{Code: advisory.TooManyTries, Hint: "wait two minutes"}
	}
	err := look()
	if e := (*advisory.Error)(nil); errors.As(err, &e) && e.Code == advisory.WrongCode {
		t.left.Allow()
	}
	return err
}
