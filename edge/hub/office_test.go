package hub

import (
	"encoding/csv"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jembe/advisory"
)

// concrete fills the parameters of a route.
func concrete(path string) string {
	return strings.NewReplacer(":device", "boxone", ":file", "style.css", ":name", "nobody", ":id", "1").Replace(path)
}

// Every route with every role, and with nobody signed in: what the table of roles allows is answered, all else refused.
func TestEveryRouteWithEveryRole(t *testing.T) { onEach(t, testEveryRoute) }

func testEveryRoute(t *testing.T, h *Hub) {
	o := serveOffice(t, h)
	fillOffice(t, o.Hub)
	keepServed(t, o)
	send := func(b *browser, r officeRoute) reply {
		if r.method == http.MethodGet {
			return b.get(concrete(r.path))
		}
		return b.post(concrete(r.path))
	}
	known := map[Permission]bool{withoutSignedIn: true, anyoneSignedIn: true}
	for _, all := range may {
		for _, p := range all {
			known[p] = true
		}
	}
	for _, r := range officeRoutes {
		if !known[r.need] {
			t.Errorf("%s needs %q, which no role has", r.path, r.need)
		}
		got := send(o.browser(t), r)
		if toSignIn := got.status == http.StatusSeeOther && got.header.Get("Location") == "/sign-in"; toSignIn == (r.need == withoutSignedIn) {
			t.Errorf("nobody signed in, %s %s: %d %s", r.method, r.path, got.status, got.header.Get("Location"))
		}
	}
	for _, role := range Roles() {
		b := o.as(t, role)
		for _, r := range officeRoutes {
			if r.path == "/sign-out" || r.path == "/sign-out-everywhere" || r.need == withoutSignedIn {
				continue
			}
			allowed := User{Roles: []Role{role}}.May(r.need)
			got := send(b, r)
			if refused := got.status == http.StatusForbidden; refused == allowed {
				t.Errorf("%s, %s %s: %d", role, r.method, r.path, got.status)
			}
			if got.status >= 500 {
				t.Errorf("%s, %s %s: %d", role, r.method, r.path, got.status)
			}
			if !allowed && (strings.Contains(got.body, "Kibaoni") || strings.Contains(got.body, "muhogo")) {
				t.Errorf("%s, %s %s is refused and told all the same", role, r.method, r.path)
			}
		}
	}
	deeds, err := o.Staff().Audit(t.Context(), 0, 1000)
	if err != nil || !slices.ContainsFunc(deeds, func(d Deed) bool { return d.Actor == "analyst" && d.Action == "refused" && d.Object == "GET /users" }) {
		t.Errorf("what was refused stands in no log: %v", err)
	}
}

// Links of a page lead to nothing that its reader would be refused.
func TestLinksLeadSomewhere(t *testing.T) {
	o := newTestOffice(t)
	fillOffice(t, o.Hub)
	link := regexp.MustCompile(`(?:href|src)="(/[^"#]*)"`)
	for _, role := range Roles() {
		b := o.as(t, role)
		seen, next := map[string]bool{}, []string{"/"}
		for len(next) > 0 {
			path := next[0]
			next = next[1:]
			if seen[path] {
				continue
			}
			seen[path] = true
			got := b.get(path)
			if got.status != http.StatusOK {
				t.Errorf("%s comes to %s: %d", role, path, got.status)
			}
			for _, m := range link.FindAllStringSubmatch(got.body, -1) {
				next = append(next, strings.ReplaceAll(m[1], "&amp;", "&"))
			}
		}
		if len(seen) < 5 {
			t.Errorf("%s finds only %v", role, seen)
		}
	}
}

func TestSessionsInTheBrowser(t *testing.T) {
	o := newTestOffice(t)
	b := o.browser(t)
	// The attacker plants a token before the sign-in.
	planted := strings.Repeat("A", 43)
	got := b.send(http.MethodPost, "/sign-in", strings.NewReader("name=expert&password="+strings.ReplaceAll(goodPassword, " ", "+")),
		map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Cookie": "jembe=" + planted})
	cookie := got.header.Get("Set-Cookie")
	if got.status != http.StatusSeeOther || got.header.Get("Location") != "/" || strings.Contains(cookie, planted) {
		t.Fatalf("%d, %s", got.status, cookie)
	}
	for _, want := range []string{"HttpOnly", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("the cookie lacks %s: %s", want, cookie)
		}
	}
	stolen := o.browser(t)
	if got := stolen.send(http.MethodGet, "/", nil, map[string]string{"Cookie": "jembe=" + planted}); got.status != http.StatusSeeOther {
		t.Errorf("the planted token holds: %d", got.status)
	}
	tls := o.browser(t).send(http.MethodPost, "/sign-in", strings.NewReader("name=expert&password="+strings.ReplaceAll(goodPassword, " ", "+")),
		map[string]string{"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-Proto": "https"})
	if c := tls.header.Get("Set-Cookie"); !strings.HasPrefix(c, "__Host-jembe=") || !strings.Contains(c, "; Secure") || tls.header.Get("Strict-Transport-Security") == "" {
		t.Errorf("behind TLS: %s", c)
	}
	first := b.cookie()
	if again := b.post("/sign-in", "name", "expert", "password", goodPassword); again.status != http.StatusSeeOther || b.cookie() == first {
		t.Error("the token stays the same over a second sign-in")
	}
	other := o.as(t, Expert)
	if got := b.post("/password", "old", goodPassword, "new", "another zebra staple hoe", "repeat", "another zebra staple hoe"); got.status != http.StatusSeeOther {
		t.Fatalf("%d %s", got.status, got.problem())
	}
	if b.get("/").status != http.StatusOK || other.get("/").status != http.StatusSeeOther {
		t.Error("after a change of the password the other browser is still in, or this one out")
	}
	kept := b.cookie()
	out := b.post("/sign-out")
	if out.status != http.StatusSeeOther || b.cookie() != "" || out.header.Get("Clear-Site-Data") == "" {
		t.Errorf("sign out: %d", out.status)
	}
	if got := stolen.send(http.MethodGet, "/", nil, map[string]string{"Cookie": "jembe=" + kept}); got.status != http.StatusSeeOther {
		t.Error("the token holds after signing out")
	}
}

func TestOneTimePasswordInTheBrowser(t *testing.T) {
	o := newTestOffice(t)
	admin := o.as(t, Administrator)
	made := admin.post("/users", "name", "Grace", "role", "expert", "role", "curator")
	m := regexp.MustCompile(`id="secret">([^<]+)<`).FindStringSubmatch(made.body)
	if m == nil {
		t.Fatalf("no one-time password: %s", made.problem())
	}
	b := o.browser(t)
	if got := b.post("/sign-in", "name", "grace", "password", m[1]); got.status != http.StatusSeeOther {
		t.Fatal(got.status)
	}
	for _, path := range []string{"/", "/boxes", "/asked/words"} {
		if got := b.get(path); got.header.Get("Location") != "/password" {
			t.Errorf("%s is open before a password is chosen: %d", path, got.status)
		}
	}
	if got := b.post("/password", "old", m[1], "new", "another zebra staple hoe", "repeat", "another zebra staple"); got.status != http.StatusBadRequest || got.problem() == "" {
		t.Errorf("two that differ: %d", got.status)
	}
	if got := b.post("/password", "old", m[1], "new", "another zebra staple hoe", "repeat", "another zebra staple hoe"); got.status != http.StatusSeeOther {
		t.Fatal(got.status, got.problem())
	}
	if got := b.get("/asked/words"); got.status != http.StatusOK {
		t.Error(got.status)
	}
	// Another role holds from the next click on, and a removal too.
	if got := admin.post("/users/grace/roles", "role", "auditor"); got.status != http.StatusSeeOther || b.get("/asked/words").status != http.StatusForbidden {
		t.Error("the old role still holds")
	}
	if got := admin.post("/users/grace/remove"); got.status != http.StatusSeeOther || b.get("/").status != http.StatusSeeOther {
		t.Error("who was removed is still in")
	}
	if got := admin.post("/users/administrator/remove"); got.status != http.StatusBadRequest {
		t.Errorf("the last administrator: %d", got.status)
	}
}

func TestCSV(t *testing.T) {
	o := newTestOffice(t)
	fillOffice(t, o.Hub)
	join(t, o.Hub, "evil", "=HYPERLINK(\"http://evil.example\")")
	cells := asking(advisory.Answered, "@SUM(A1)", "", "-1+1", "\t=1")
	cells.Session = "+cmd|' /C calc'!A0"
	take(t, o.Hub, "evil", cells)
	if _, err := o.Count(t.Context()); err != nil {
		t.Fatal(err)
	}
	read := func(role Role, path string) [][]string {
		t.Helper()
		got := o.as(t, role).get(path)
		if got.status != http.StatusOK || !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment") {
			t.Fatalf("%s: %d", path, got.status)
		}
		all, err := csv.NewReader(strings.NewReader(got.body)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range all {
			for _, cell := range row {
				if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n") {
					t.Errorf("%s: a formula: %q", path, cell)
				}
			}
		}
		return all
	}
	events := read(Administrator, "/asked/events.csv")
	if len(events) != 1+77 || events[77][8] != "'+cmd|' /C calc'!A0" {
		t.Errorf("%d lines, the last %q", len(events), events[len(events)-1])
	}
	// Whoever asks, small counts stay in the house.
	for _, role := range []Role{Administrator, Curator, Analyst} {
		small := regexp.MustCompile(`^[1-9]$`)
		for _, row := range read(role, "/asked/counts.csv?span=all")[1:] {
			if small.MatchString(row[2]) || small.MatchString(row[3]) {
				t.Errorf("%s: a small count: %q", role, row)
			}
		}
	}
	if page := o.as(t, Analyst).get("/asked?span=all"); strings.Contains(page.body, `<td class="n">1</td>`) || !strings.Contains(page.body, "withheld") {
		t.Error("the analyst's page shows a small count")
	}
	if page := o.as(t, Administrator).get("/asked?span=all"); !strings.Contains(page.body, `<td class="n">1</td>`) {
		t.Error("the administrator's page withholds one")
	}
}
