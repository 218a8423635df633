package hub

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"

	"jembe/edge/wire"
)

// judgement is what comes of holding a batch against the record.
type judgement struct {
	fork   int64 // the first seq at which they differ; 0: none
	ended  bool  // the box's record ended there, which the hub's does not
	again  bool  // they differ somewhere before the batch
	erased bool  // the batch begins among lines that were erased, with which it cannot be compared
}

// judge looks for the first place at which the box's record and the hub's differ. Where the chain before the batch is the same, all
// before it is; then the lines whose places are taken are compared, and those that differ put into quarantine.
//
// A box whose record ends before the hub's, and who has nothing more, has lost what it once sent: what it records next would
// take places that are taken.
func (r *record) judge(ctx context.Context, tx *transaction, b *arrival, now int64) (judgement, error) {
	if b.First > r.through+1 {
		return judgement{}, nil // a gap: the box holds its chain against the hub's
	}
	if b.First <= r.erased {
		return r.judgeErased(b), nil
	}
	head, err := r.headAt(ctx, tx, b.First-1)
	if err != nil {
		return judgement{}, err
	}
	if len(b.Before) > 0 && !bytes.Equal(b.Before, head[:wire.BeforeBytes]) {
		return judgement{again: true}, nil
	}
	b.head = head
	var fork int64
	if b.First <= r.through && len(b.Lines) > 0 {
		if fork, err = r.overlap(ctx, tx, b, now); err != nil {
			return judgement{}, err
		}
	}
	if fork > 0 {
		_, err = tx.ExecContext(ctx, `UPDATE epochs SET forked = $1 WHERE device = $2 AND epoch = $3 AND (forked IS NULL OR forked > $1)`, fork, r.device, r.epoch)
	}
	ended := fork == 0 && b.last() < r.through && b.Waiting == 0
	if ended {
		// No alarm is raised by this alone: the request may be an old one that comes again, or late on a stick, whose box is well.
		fork = b.last() + 1
	}
	return judgement{fork: fork, ended: ended}, err
}

// judgeErased judges a batch that begins among lines whose days were over. The box holds its chain against the hash where they end, and
// goes on from there; a record that ends before takes up anew what it has.
func (r *record) judgeErased(b *arrival) judgement {
	if b.last()+b.Waiting < r.erased {
		return judgement{fork: b.First, erased: true}
	}
	return judgement{erased: true}
}

// headAt gives the hash of the chain at a seq where lines are kept. Before the end it is computed anew: a box comes there only when a
// reply was lost.
func (r *record) headAt(ctx context.Context, tx *transaction, seq int64) (head wire.Hash, err error) {
	if seq == r.through {
		return r.head, nil
	}
	head = r.erasedHead
	rows, err := tx.QueryContext(ctx, `SELECT kind, body FROM events WHERE device = $1 AND epoch = $2 AND seq <= $3 ORDER BY seq`, r.device, r.epoch, seq)
	if err != nil {
		return head, err
	}
	defer rows.Close()
	for rows.Next() {
		var kept row
		if err := rows.Scan(&kept.kind, &kept.body); err != nil {
			return head, err
		}
		line, err := kept.line()
		if err != nil {
			return head, err
		}
		head = wire.Link(head, line)
	}
	return head, rows.Err()
}

// overlap compares the lines whose places are taken.
func (r *record) overlap(ctx context.Context, tx *transaction, b *arrival, now int64) (fork int64, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT seq, kind, body FROM events WHERE device = $1 AND epoch = $2 AND seq BETWEEN $3 AND $4 ORDER BY seq`,
		r.device, r.epoch, b.First, b.last())
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	var strange []int
	for rows.Next() {
		var kept row
		if err := rows.Scan(&kept.seq, &kept.kind, &kept.body); err != nil {
			return 0, err
		}
		line, err := kept.line()
		if err != nil {
			return 0, err
		}
		if i := int(kept.seq - b.First); !bytes.Equal(line, b.Lines[i].Body) {
			strange = append(strange, i)
		}
	}
	if err := rows.Err(); err != nil || len(strange) == 0 {
		return 0, err
	}
	rows.Close() // SQLite writes on the same connection
	for _, i := range strange {
		line := b.Lines[i].Body
		sum := sha256.Sum256(line)
		_, err := tx.ExecContext(ctx, `INSERT INTO quarantine (device, epoch, seq, hash, body, found_ms) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
			r.device, r.epoch, b.First+int64(i), sum[:], base64.StdEncoding.EncodeToString(line), now)
		if err != nil {
			return 0, err
		}
	}
	return b.First + int64(strange[0]), nil
}
