package hub

import (
	"context"
	"fmt"
	"strings"

	"jembe/advisory"
	"jembe/edge/wire"
)

// followup is the last word on a ticket.
type followup struct {
	place
	seq                 int64
	month, lang, topics string
	said                advisory.Followup
}

// ticket is what a follow-up is of, at one box.
type ticket struct{ device, id string }

// followup takes in one. A box may be hostile: what it could not have asked counts as passed over.
func (t *tally) followup(at place, e wire.Event) {
	f := followup{place: at, seq: e.Seq, lang: plain(string(e.Lang)), topics: " " + strings.Join(plainConcepts(e.Concepts), " ") + " "}
	f.month, _ = t.when(e)
	if e.Followup != nil && e.Followup.Valid() {
		f.said = *e.Followup
	}
	id := plain(e.Answer)
	if id == "" || id == "other" {
		id = fmt.Sprintf("%s/%d", at.epoch, e.Seq) // of no ticket: each counts
	}
	t.followups[ticket{at.device, id}] = f
}

// saveFollowups puts each in place of the one before on the same ticket.
func (t *tally) saveFollowups(ctx context.Context, tx *transaction) error {
	for of, f := range t.followups {
		_, err := tx.ExecContext(ctx, `INSERT INTO followups (device, ticket, month, lang, topics, done, helped, why, epoch, seq)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (device, ticket) DO UPDATE SET month = excluded.month, lang = excluded.lang,
			topics = excluded.topics, done = excluded.done, helped = excluded.helped, why = excluded.why, epoch = excluded.epoch, seq = excluded.seq`,
			of.device, of.id, f.month, f.lang, f.topics, string(f.said.Done), string(f.said.Helped), string(f.said.Why), f.epoch, f.seq)
		if err != nil {
			return err
		}
	}
	return nil
}
