package kiosk

import "context"

// think waits for the box, with a tone when that takes long. Only the next person ends it.
func think[T any](ctx context.Context, p *person, call func(context.Context) (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	calling, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan result, 1)
	go func() {
		value, err := call(calling)
		done <- result{value, err}
	}()
	defer p.player.hum(calling)()
	for {
		select {
		case r := <-done:
			if ctx.Err() != nil {
				r.err = ctx.Err()
			}
			return r.value, r.err
		case press := <-p.presses:
			if press.Down && press.Means == NewPerson {
				cancel()
				return (<-done).value, errNextPerson
			}
		}
	}
}

// brief is for what the box knows by heart: keys that are pressed meanwhile wait, and none is lost of a number that is pressed quickly.
func brief[T any](ctx context.Context, call func(context.Context) (T, error)) (T, error) {
	calling, cancel := context.WithTimeout(ctx, briefWait)
	defer cancel()
	value, err := call(calling)
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return value, err
}
