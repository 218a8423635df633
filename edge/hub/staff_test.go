package hub

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"jembe/advisory"
)

func TestPasswordRules(t *testing.T) {
	for password, want := range map[string]error{
		goodPassword:                 nil,
		"tulipani kijani 7 mbuzi":    nil,
		"short":                      Refusal("password_short"),
		"éééééé":                     Refusal("password_short"), // 12 bytes, 6 characters
		"password1234":               Refusal("password_weak"),
		"jembejembejembe":            Refusal("password_weak"),
		"grace.wanjikugrace.wanjiku": Refusal("password_weak"), // the name
		"aaaaaaaaaaaaaaaaaaaa":       Refusal("password_weak"),
		strings.Repeat("zq", 200):    Refusal("password_long"),
		"correct zebra \xff hoe":     Refusal("password_long"),
	} {
		if got := checkPassword("grace.wanjiku", password); got != want {
			t.Errorf("%q: %v, want %v", password, got, want)
		}
	}
}

func TestPHC(t *testing.T) {
	s := hashPassword(goodPassword)
	if !strings.HasPrefix(s, "$argon2id$v=19$m=19456,t=2,p=1$") || s == hashPassword(goodPassword) {
		t.Errorf("hash %q, or the salt repeats", s)
	}
	if ok, stale, err := passwordMatches(s, goodPassword); !ok || stale || err != nil {
		t.Error(ok, stale, err)
	}
	if ok, _, _ := passwordMatches(s, goodPassword+" "); ok {
		t.Error("another password matches")
	}
	// A test vector of the reference implementation (phc-winner-argon2, src/test.c).
	const vector = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	if ok, stale, err := passwordMatches(vector, "password"); !ok || !stale || err != nil {
		t.Error(ok, stale, err)
	}
	for _, bad := range []string{"", "x", strings.Replace(s, "argon2id", "argon2i", 1), strings.Replace(s, "v=19", "v=16", 1),
		strings.Replace(s, "m=19456", "m=4294967295", 1), strings.Replace(s, "t=2", "t=0", 1), strings.Replace(s, "t=2", "t=4000000", 1),
		strings.Replace(s, "p=1", "p=0", 1), s + "AA", s[:len(s)-4], strings.Replace(s, "$m=", "$m=-", 1)} {
		if _, _, err := passwordMatches(bad, goodPassword); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestUsers(t *testing.T) { onEach(t, testUsers) }

func testUsers(t *testing.T, h *Hub) {
	ctx, s := t.Context(), h.Staff()
	by := CommandLine()
	add := func(name string, password string, roles ...Role) error {
		_, err := s.Add(ctx, by, name, roles, password)
		return err
	}
	for name, err := range map[string]error{
		"space":                  add("two words", "", Expert),
		"capital":                add("Grace", "", Expert),
		"markup":                 add("<b>", "", Expert),
		"the hub":                add("hub", "", Expert),
		"no role":                add("grace", ""),
		"bad role":               add("grace", "", "farmer"),
		"weak":                   add("grace", "password1234", Expert),
		"not there":              s.Remove(ctx, by, "nobody"),
		"roles of one not there": s.SetRoles(ctx, by, "nobody", []Role{Expert}),
	} {
		if e := (*advisory.Error)(nil); !errors.As(err, &e) || e.Code != advisory.BadRequest {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := errors.Join(add("grace", goodPassword, Administrator, Curator), add("amos", "", Expert)); err != nil {
		t.Fatal(err)
	}
	if err := add("grace", goodPassword, Expert); !errors.Is(err, Refusal("user_exists")) {
		t.Errorf("the same user twice: %v", err)
	}
	all, err := s.Users(ctx)
	if err != nil || len(all) != 2 || all[0].Name != "amos" || !all[0].OneTime || !slices.Equal(all[1].Roles, []Role{Administrator, Curator}) || all[1].OneTime {
		t.Fatalf("%+v %v", all, err)
	}
	if err := s.Remove(ctx, by, "grace"); !errors.Is(err, Refusal("last_administrator")) {
		t.Errorf("the last administrator is removed: %v", err)
	}
	if err := s.SetRoles(ctx, by, "grace", []Role{Expert}); !errors.Is(err, Refusal("last_administrator")) {
		t.Errorf("the last administrator is none: %v", err)
	}
	if err := errors.Join(s.SetRoles(ctx, by, "amos", []Role{Administrator}), s.Remove(ctx, by, "grace")); err != nil {
		t.Error(err)
	}
	if lines, _, err := s.VerifyAudit(ctx); err != nil || lines != 4 {
		t.Errorf("%d deeds, %v: what was refused must leave no line", lines, err)
	}
}

// clockOf lets a test turn the clock of the office.
func clockOf(h *Hub) *time.Time {
	at := time.Now()
	h.staff.now = func() time.Time { return at }
	return &at
}

func TestSessions(t *testing.T) { onEach(t, testSessions) }

func testSessions(t *testing.T, h *Hub) {
	ctx, s := t.Context(), h.Staff()
	clock := clockOf(h)
	if _, err := s.Add(ctx, CommandLine(), "grace", []Role{Expert}, goodPassword); err != nil {
		t.Fatal(err)
	}
	signIn := func(before string) string {
		t.Helper()
		token, err := s.SignIn(ctx, Credentials{Name: "grace", Password: goodPassword}, "10.0.0.1", before)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	holds := func(token string) bool {
		t.Helper()
		u, err := s.Session(ctx, token)
		if err != nil && !errors.Is(err, errNoSession) {
			t.Fatal(err)
		}
		return err == nil && u.Name == "grace"
	}
	first := signIn("")
	second := signIn(first)
	if holds(first) || !holds(second) || first == second || holds("") {
		t.Error("signing in leaves the session of before, or gives none")
	}
	var stored int
	if err := h.db.Read.QueryRow(`SELECT count(*) FROM sessions WHERE token_hash = $1`, []byte(second)).Scan(&stored); err != nil || stored != 0 {
		t.Errorf("the token itself is stored: %d %v", stored, err)
	}
	for range 11 { // clicks keep it alive, but not for ever
		if *clock = clock.Add(59 * time.Minute); !holds(second) {
			t.Fatal("a session that is used ends")
		}
	}
	if *clock = clock.Add(2 * time.Hour); holds(second) {
		t.Error("twelve hours are over")
	}
	third := signIn("")
	if *clock = clock.Add(61 * time.Minute); holds(third) {
		t.Error("an hour without a click is over")
	}
	changeOfPassword(t, s, holds, signIn(""), signIn(""))
}

// changeOfPassword ends the sessions a and b, and begins another.
func changeOfPassword(t *testing.T, s *Staff, holds func(string) bool, a, b string) {
	t.Helper()
	ctx := t.Context()
	by := Deed{Actor: "grace", Address: "10.0.0.1"}
	if _, err := s.ChangePassword(ctx, by, "wrong", "another zebra staple hoe"); !errors.Is(err, Refusal("old_password")) {
		t.Errorf("the old password is not asked for: %v", err)
	}
	if _, err := s.ChangePassword(ctx, by, goodPassword, goodPassword); !errors.Is(err, Refusal("password_same")) {
		t.Errorf("the same password again: %v", err)
	}
	c, err := s.ChangePassword(ctx, by, goodPassword, "another zebra staple hoe")
	if err != nil || holds(a) || holds(b) || !holds(c) {
		t.Errorf("after a change of the password: %v; old sessions hold: %v %v", err, holds(a), holds(b))
	}
	if err := s.SignOut(ctx, by, c); err != nil || holds(c) {
		t.Errorf("signed out, and the session holds: %v", err)
	}
}

func TestOneTimePassword(t *testing.T) {
	h := newTestHub(t, "")
	ctx, s, clock := t.Context(), h.Staff(), clockOf(h)
	once, err := s.Add(ctx, CommandLine(), "grace", []Role{Expert}, "")
	if err != nil {
		t.Fatal(err)
	}
	token, err := s.SignIn(ctx, Credentials{Name: "grace", Password: once}, "10.0.0.1", "")
	if err != nil {
		t.Fatal(err)
	}
	if u, err := s.Session(ctx, token); err != nil || !u.OneTime {
		t.Errorf("%+v %v: need not choose a password", u, err)
	}
	*clock = clock.Add(73 * time.Hour)
	if _, err := s.SignIn(ctx, Credentials{Name: "grace", Password: once}, "10.0.0.1", ""); !errors.Is(err, Refusal("sign_in")) {
		t.Errorf("a one-time password holds for ever: %v", err)
	}
	if once, err = s.ResetPassword(ctx, CommandLine(), "grace"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Session(ctx, token); !errors.Is(err, errNoSession) {
		t.Error("a reset leaves sessions")
	}
	if _, err = s.SignIn(ctx, Credentials{Name: "grace", Password: once}, "10.0.0.1", ""); err != nil {
		t.Fatal(err)
	}
	if token, err = s.ChangePassword(ctx, Deed{Actor: "grace"}, once, goodPassword); err != nil {
		t.Fatal(err)
	}
	if u, err := s.Session(ctx, token); err != nil || u.OneTime {
		t.Errorf("%+v %v", u, err)
	}
}
