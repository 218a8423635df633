package hub

import (
	"encoding/base32"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

// codeAt is what the user's app shows at a time.
func codeAt(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, at)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// The vectors of RFC 6238, appendix B, in their last six digits.
func TestCodesAreThoseOfTheStandard(t *testing.T) {
	secret := base32.StdEncoding.EncodeToString([]byte("12345678901234567890"))
	for at, code := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037"} {
		if step, ok := factorStep(code, secret, time.Unix(at, 0)); !ok || step != at/30 {
			t.Errorf("at %d: step %d, %v", at, step, ok)
		}
		for after, want := range map[time.Duration]bool{30 * time.Second: true, -30 * time.Second: true, 90 * time.Second: false, -90 * time.Second: false} {
			if _, ok := factorStep(code, secret, time.Unix(at, 0).Add(after)); ok != want {
				t.Errorf("the code of %d %v later: %v", at, after, ok)
			}
		}
	}
}

// turnOn turns on the second factor of a user.
func turnOn(t *testing.T, s *Staff, name string) (secret string, recovery []string) {
	t.Helper()
	key, err := newFactor(name, "")
	if err != nil {
		t.Fatal(err)
	}
	by := Deed{Actor: name, Address: "10.0.0.7"}
	if _, _, err := s.TurnOnFactor(t.Context(), by, goodPassword, key.Secret(), "000000"); !errors.Is(err, Refusal("factor_code")) {
		t.Errorf("a code that is none: %v", err)
	}
	_, recovery, err = s.TurnOnFactor(t.Context(), by, goodPassword, key.Secret(), codeAt(t, key.Secret(), s.now()))
	if err != nil || len(recovery) != recoveryCodes {
		t.Fatal(recovery, err)
	}
	return key.Secret(), recovery
}

// With a second factor neither the password nor a code alone lets anyone in, and no code does so twice.
func TestSecondFactor(t *testing.T) {
	onEach(t, func(t *testing.T, h *Hub) {
		ctx, s, clock := t.Context(), h.Staff(), clockOf(h)
		if _, err := s.Add(ctx, CommandLine(), "grace", []Role{Expert}, goodPassword); err != nil {
			t.Fatal(err)
		}
		before, err := s.SignIn(ctx, Credentials{Name: "grace", Password: goodPassword}, "10.0.0.1", "")
		if err != nil {
			t.Fatal(err)
		}
		on := s.now()
		secret, recovery := turnOn(t, s, "grace")
		if _, err := s.Session(ctx, before); !errors.Is(err, errNoSession) {
			t.Errorf("a session of before goes on: %v", err)
		}
		try := func(what, password, code string, want bool) {
			t.Helper()
			*clock = clock.Add(time.Minute) // so that no limit speaks
			_, err := s.SignIn(ctx, Credentials{"grace", password, code}, "10.0.0.1", "")
			if (err == nil) != want || err != nil && !errors.Is(err, Refusal("sign_in")) {
				t.Errorf("%s: %v", what, err)
			}
		}
		code := func() string { return codeAt(t, secret, clock.Add(time.Minute)) }
		try("without a code", goodPassword, "", false)
		try("the code it was turned on with", goodPassword, codeAt(t, secret, on), false)
		try("a wrong password", "wrong", code(), false)
		now := code()
		try("a code", goodPassword, now[:3]+" "+now[3:], true)
		*clock = clock.Add(-time.Minute)
		try("the same again", goodPassword, now, false)
		try("the next", goodPassword, code(), true)
		try("a recovery code", goodPassword, strings.ToUpper(recovery[3]), true)
		try("the same again", goodPassword, recovery[3], false)
		if n, err := s.RecoveryCodes(ctx, "grace"); err != nil || n != recoveryCodes-1 {
			t.Errorf("%d %v", n, err)
		}
		if n := count(t, h, `SELECT count(*) FROM recovery_codes WHERE hash = $1`, []byte(recovery[0])); n != 0 {
			t.Error("a recovery code is kept as it is")
		}
		if err := s.TurnOffFactor(ctx, Deed{Actor: "grace"}, goodPassword, now); !errors.Is(err, Refusal("factor_code")) {
			t.Errorf("turned off by an old code: %v", err)
		}
		once, err := s.ResetPassword(ctx, CommandLine(), "grace")
		if err != nil {
			t.Fatal(err)
		}
		try("reset", once, "", true)
		if n, err := s.RecoveryCodes(ctx, "grace"); err != nil || n != 0 {
			t.Errorf("%d recovery codes are left: %v", n, err)
		}
	})
}

// One code lets one in, however many come at once; and whoever guesses codes is held back as for passwords.
func TestACodeCountsOnceAndGuessesCount(t *testing.T) {
	onEach(t, func(t *testing.T, h *Hub) {
		ctx, s, clock := t.Context(), h.Staff(), clockOf(h)
		if _, err := s.Add(ctx, CommandLine(), "grace", []Role{Expert}, goodPassword); err != nil {
			t.Fatal(err)
		}
		secret, _ := turnOn(t, s, "grace")
		*clock = clock.Add(time.Hour)
		var in atomic.Int32
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if _, err := s.SignIn(ctx, Credentials{"grace", goodPassword, codeAt(t, secret, *clock)}, "10.0.0.1", ""); err == nil {
					in.Add(1)
				}
			})
		}
		all.Wait()
		if in.Load() != 1 {
			t.Errorf("%d came in by one code", in.Load())
		}
		held, wait := 0, (*TooManyTries)(nil)
		for range 10 {
			if _, err := s.SignIn(ctx, Credentials{"grace", goodPassword, "000000"}, "10.0.0.2", ""); errors.As(err, &wait) {
				held++
			}
		}
		if held != 4 {
			t.Errorf("%d of 10 guesses held back, want 4", held)
		}
	})
}

// The first page and the account lead to the second factor of who has none.
func TestSecondFactorIsFound(t *testing.T) {
	o := newTestOffice(t)
	b := o.as(t, Expert)
	for _, page := range []string{"/", "/password"} {
		if body := b.get(page).body; !strings.Contains(body, `href="/second-factor"`) || !strings.Contains(body, "who knows your password can sign in as you") {
			t.Errorf("%s does not lead to the second factor", page)
		}
	}
	turnOn(t, o.Staff(), string(Expert))
	if body := o.browser(t).get("/sign-in").body; strings.Contains(body, "jembe-hub user add") {
		t.Error("whoever signs in is told to make the first user, though there is one")
	}
	empty := httptest.NewServer(newTestHub(t, ""))
	defer empty.Close()
	r, err := http.Get(empty.URL + "/sign-in")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if body, err := io.ReadAll(r.Body); err != nil || !strings.Contains(string(body), "jembe-hub user add NAME --role administrator") {
		t.Errorf("nobody is told how the first user is made: %v", err)
	}
}

// Where the office demands it, nothing else is open to those with much in their hands before it is on.
func TestSecondFactorIsDemanded(t *testing.T) {
	o := newTestOffice(t)
	o.SecondFactor = true
	for role, demanded := range map[Role]bool{Administrator: true, Curator: true, Expert: true, Analyst: false, Auditor: false} {
		b := o.as(t, role)
		r := b.get("/asked")
		if held := r.status == http.StatusSeeOther && r.header.Get("Location") == "/second-factor"; held != demanded {
			t.Errorf("%s: %d %s", role, r.status, r.header.Get("Location"))
		}
		if page := b.get("/second-factor?secret=" + strings.Repeat("A", 32)); demanded && (page.status != http.StatusOK || strings.Contains(page.body, "/escalations") || strings.Contains(page.body, strings.Repeat("A", 32))) {
			t.Errorf("%s: the page leads elsewhere, or shows another's secret: %d", role, page.status)
		}
	}
	b := o.as(t, Expert)
	page := b.get("/second-factor").body
	_, after, _ := strings.Cut(page, `name="secret" value="`)
	secret, _, _ := strings.Cut(after, `"`)
	if r := b.post("/second-factor", "secret", secret, "password", goodPassword, "code", "123"); r.status != http.StatusBadRequest || !strings.Contains(r.body, secret) {
		t.Errorf("a wrong code: %d; the secret must stay, the app has it", r.status)
	}
	if r := b.post("/second-factor", "secret", secret, "password", goodPassword, "code", codeAt(t, secret, time.Now())); r.status != http.StatusOK || strings.Count(r.body, "<li><code>") != recoveryCodes {
		t.Errorf("%d %s", r.status, r.problem())
	}
	if r := b.get("/asked"); r.status != http.StatusOK {
		t.Errorf("with a second factor: %d", r.status)
	}
}
