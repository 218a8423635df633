package hub

import (
	"errors"
	"testing"
)

func TestAuditShowsEveryChange(t *testing.T) { onEach(t, testAudit) }

func testAudit(t *testing.T, h *Hub) {
	ctx, s := t.Context(), h.Staff()
	if lines, _, err := s.VerifyAudit(ctx); lines != 0 || err != nil {
		t.Fatal(lines, err)
	}
	for range 5 {
		if err := s.note(ctx, CommandLine().did("tried", "it")); err != nil {
			t.Fatal(err)
		}
	}
	if lines, head, err := s.VerifyAudit(ctx); lines != 5 || err != nil || head[0] == 0 && head[1] == 0 && head[2] == 0 {
		t.Fatal(lines, head, err)
	}
	for name, change := range map[string]string{
		"a line in the middle": `UPDATE audit SET actor = 'someone' WHERE n = 3`,
		"the last line":        `UPDATE audit SET at_ms = at_ms + 1 WHERE n = 5`,
		"a line taken away":    `DELETE FROM audit WHERE n = 2`,
		"the end cut off":      `DELETE FROM audit WHERE n > 3`,
		"all of it":            `DELETE FROM audit`,
		"a line added":         `INSERT INTO audit SELECT 6, at_ms, actor, action, object, address, prev FROM audit WHERE n = 5`,
		"the end forged":       `UPDATE audit_head SET n = 4`,
		"no end":               `DELETE FROM audit_head`,
	} {
		tx, err := h.db.Write.Begin()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(change); err != nil {
			t.Fatal(err)
		}
		if _, _, err := verifyAudit(ctx, tx); !errors.Is(err, errBrokenLog) {
			t.Errorf("%s: %v", name, err)
		}
		if err := tx.Rollback(); err != nil {
			t.Fatal(err)
		}
	}
}
