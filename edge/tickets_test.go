package edge

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jembe/advisory"
)

// Whatever is taken, returned, and however the clock runs: no code is given twice, each opens what it was given for until its time is
// over, and without a clock no time is.
func TestTicketsProperty(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newStore(t, t.TempDir())
		defer s.Close()
		wall := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC).UnixMilli()
		at := moment{wall: wall}
		s.clock = func() moment { return at }
		record(t, s, question("0"))
		type held struct {
			ticket  Ticket
			taken   Taken
			expires int64 // 0: from the next known time on
		}
		var all []held
		for i := range rapid.IntRange(1, 25).Draw(rt, "steps") {
			switch rapid.SampledFrom([]string{"take", "take", "take", "return", "later", "lost clock", "clock back", "erase"}).Draw(rt, "step") {
			case "take":
				a := Taken{Answer: fmt.Sprint("a", i), Document: fmt.Sprint("d", i), Lang: "sw"}
				ticket, err := s.TakeTicket(t.Context(), a)
				if err != nil {
					rt.Fatal(err)
				}
				h := held{ticket, a, 0}
				if at.wall >= wall {
					h.expires = wall + ticketKept.Milliseconds()
				}
				all = append(all, h)
			case "return":
				if len(all) > 0 {
					if err := s.ReturnTicket(t.Context(), all[0].taken.Answer); err != nil {
						rt.Fatal(err)
					}
					all = all[1:]
				}
			case "later":
				wall += rapid.Int64Range(1, 200).Draw(rt, "days") * 24 * time.Hour.Milliseconds()
				at.wall = wall
				record(t, s, question(fmt.Sprint(i)))
			case "lost clock":
				at.wall = 0
			case "clock back":
				at.wall = wall
			case "erase":
				if _, err := s.EraseExpired(t.Context()); err != nil {
					rt.Fatal(err)
				}
				if at.wall < wall {
					break // nothing is due
				}
				for i := range all {
					if all[i].expires == 0 {
						all[i].expires = wall + ticketKept.Milliseconds()
					}
				}
				all = slices.DeleteFunc(all, func(h held) bool { return h.expires <= wall })
			}
		}
		codes := map[string]bool{}
		for _, h := range all {
			got, err := s.taken(t.Context(), h.ticket)
			if err != nil || got != h.taken {
				rt.Fatalf("%+v opens %+v, %v", h, got, err)
			}
			if codes[h.ticket.Code] {
				rt.Fatalf("the code %s was given twice", h.ticket.Code)
			}
			codes[h.ticket.Code] = true
		}
		var n int
		if err := s.db.Read.QueryRow(`SELECT count(*) FROM tickets`).Scan(&n); err != nil || n != len(all) {
			rt.Fatalf("%d tickets, want %d: %v", n, len(all), err)
		}
	})
}

// Advice never takes the last codes: whoever asks for a person has one.
func TestCodesAreLeftForThoseWhoAskForAPerson(t *testing.T) {
	v := newVillage(t)
	escalated := v.escalateWords(t, plantedWords)
	for i := range mostTickets {
		ticket, err := v.Store.TakeTicket(t.Context(), Taken{Answer: fmt.Sprint("a", i), Document: "d", Lang: "sw"})
		if err != nil || ticket.Code == escalated.Code {
			t.Fatal(ticket, err)
		}
	}
	r := askFor(t, v.Server, `{"text":"`+armywormQuestion+`","lang":"fr"}`)
	p := wantProblem(t, post(t, v.Server, "/v1/answers/"+r.ID+"/ticket", `{}`), http.StatusServiceUnavailable, advisory.NoCode)
	if p.Detail != advisory.Say("fr", "error_no_code") {
		t.Error(p.Detail)
	}
	if n := v.escalateWords(t, plantedWords); n.Code == "" {
		t.Errorf("%+v", n)
	}
}
