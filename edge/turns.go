package edge

import (
	"time"

	"jembe/advisory"
)

// maxPause is how long after an answer a question may still follow it up. The page ends a session after half a minute without a touch;
// this is for callers that do not.
const maxPause = 5 * time.Minute

// follow remembers what the session's next question may lean on, as long as the answer is remembered and no longer.
func (a *answers) follow(id string, turn advisory.Turn) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if g := a.byID[id]; g != nil {
		g.turn = turn
	}
}

// before gives what the session's last question left. A caller that names no session has none: nobody's question leads another's.
func (a *answers) before(session string) advisory.Turn {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i := len(a.ids) - 1; i >= 0 && session != ""; i-- {
		if g := a.byID[a.ids[i]]; g.session == session {
			if a.clock().Sub(g.at) > maxPause {
				break
			}
			return g.turn
		}
	}
	return advisory.Turn{}
}
