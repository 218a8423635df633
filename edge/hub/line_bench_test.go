package hub

import (
	"bytes"
	options "flag" // the room has a flag of its own
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"jembe/edge/wire"
)

var full = options.Bool("full", false, "the long form: 500 boxes at once")

// Boxes whose network comes back at once come within 5 seconds, for each first waits a random part of them; each pushes 100 events with
// words to a hub that waits for its disk. None is turned away.
func TestBenchLineBoxesComeBack(t *testing.T) {
	boxes := 30
	if *full {
		boxes = 500
	}
	h := openHub(t, Config{Data: t.TempDir()})
	server := httptest.NewServer(h)
	defer server.Close()
	var bodies [][]byte
	var all []*box
	for range boxes {
		b := newBox(t, h, 100)
		body, err := wire.EncodeBatch(b.batch(1, 100))
		if err != nil {
			t.Fatal(err)
		}
		all, bodies = append(all, b), append(bodies, body)
	}
	var mu sync.Mutex
	var took []time.Duration
	var wg sync.WaitGroup
	for i, b := range all {
		wg.Go(func() {
			time.Sleep(rand.N(5 * time.Second))
			begun := time.Now()
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+wire.PathPush, bytes.NewReader(bodies[i]))
			if err != nil {
				t.Error(err)
				return
			}
			r.Header.Set(wire.HeaderDevice, b.device)
			r.Header.Set(wire.HeaderSignature, wire.Sign(bodies[i], b.key))
			answer, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Error(err)
				return
			}
			defer answer.Body.Close()
			if _, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode != http.StatusOK {
				t.Error(answer.Status, err)
			}
			mu.Lock()
			took = append(took, time.Since(begun))
			mu.Unlock()
		})
	}
	wg.Wait()
	slices.Sort(took)
	v, err := h.Verify(t.Context())
	if err != nil || v.Events != 100*boxes || len(took) != boxes {
		t.Fatalf("%+v %v: %d of %d boxes were served", v, err, len(took), boxes)
	}
	p95 := took[len(took)*95/100]
	t.Logf("%d boxes back at once, 100 events each: a push takes %v at the median, %v at the 95th percentile, %v at most; all served", boxes, took[len(took)/2], p95, took[len(took)-1])
	if *full && p95 > 2*time.Second {
		t.Errorf("the 95th percentile is %v, want at most 2 s", p95)
	}
}
