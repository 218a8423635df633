package hub

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"jembe/advisory"
)

func TestOtherSites(t *testing.T) {
	o := newTestOffice(t)
	fillOffice(t, o.Hub)
	b := o.as(t, Administrator)
	form := "application/x-www-form-urlencoded"
	for name, header := range map[string]map[string]string{
		"another site":             {"Sec-Fetch-Site": "cross-site", "Content-Type": form},
		"another host of the site": {"Sec-Fetch-Site": "same-site", "Content-Type": form},
		"an old browser":           {"Origin": "http://evil.example", "Content-Type": form},
		"a sandboxed frame":        {"Origin": "null", "Content-Type": form},
		"text/plain":               {"Origin": "http://evil.example", "Content-Type": "text/plain"},
	} {
		for _, path := range []string{"/boxes/boxone/revoke", "/users", "/password", "/sign-in", "/sign-out"} {
			got := b.send(http.MethodPost, path, strings.NewReader("name=evil&role=administrator&password="+goodPassword), header)
			if got.status != http.StatusForbidden {
				t.Errorf("%s, POST %s: %d", name, path, got.status)
			}
		}
	}
	if box, err := o.Box(t.Context(), "boxone"); err != nil || box.RevokedMS.Valid {
		t.Errorf("revoked from another site: %v", err)
	}
	own := map[string]string{"Origin": o.url, "Content-Type": form}
	if got := b.send(http.MethodPost, "/boxes/boxone/revoke", strings.NewReader(""), own); got.status != http.StatusSeeOther {
		t.Errorf("from the own page: %d", got.status)
	}
	// A link from elsewhere changes nothing: there is no GET that does.
	if got := b.get("/boxes/boxone/revoke"); got.status != http.StatusMethodNotAllowed {
		t.Errorf("GET of a deed: %d", got.status)
	}
}

// What boxes and people write never becomes part of a page.
func TestMarkupStaysText(t *testing.T) {
	o := newTestOffice(t)
	evil := []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `{{.User}}`, `javascript:alert(1)`, `' onmouseover='alert(1)`}
	for i, text := range evil {
		device := fmt.Sprintf("box%d", i)
		join(t, o.Hub, device, text)
		gap := asking(advisory.Unsure, advisory.Lang(text), advisory.Gender(text), text)
		gap.WordsHash = "h"
		take(t, o.Hub, device, gap)
		say(t, o.Hub, device, text)
		if _, err := o.db.Write.Exec(`UPDATE devices SET version = $1 WHERE device = $2`, text, device); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := o.Count(t.Context()); err != nil {
		t.Fatal(err)
	}
	pages := map[Role][]string{Administrator: {"/", "/boxes", "/boxes/box0", "/boxes/box1", "/asked?span=all", "/audit", "/users"},
		Curator: {"/asked/words", "/asked/words?concept=" + `%22%3E%3Cscript%3Ealert(1)%3C/script%3E`}}
	for role, paths := range pages {
		b := o.as(t, role)
		if role == Administrator {
			b.post("/boxes/invite", "village", evil[1])
			b.post("/users", "name", evil[0], "role", "expert")
		}
		for _, path := range paths {
			got := b.get(path)
			for _, bad := range []string{"<script>alert", "<img src=x", `href="javascript:`, `' onmouseover='`} {
				if strings.Contains(got.body, bad) {
					t.Errorf("%s holds %s", path, bad)
				}
			}
			if got.status != http.StatusOK {
				t.Errorf("%s: %d", path, got.status)
			}
		}
	}
}

func TestFilesOfThePagesOnly(t *testing.T) {
	o := newTestOffice(t)
	b := o.browser(t)
	for _, name := range []string{"..%2fhub.go", "..%2f..%2fhub.db", "%2e%2e/hub.db", "texts%2fen.json", "texts/en.json", "layout.html", "..\\hub.db", "", ".", "style.css%00", "key"} {
		if got := b.get("/office/" + name); got.status != http.StatusNotFound {
			t.Errorf("%q: %d", name, got.status)
		}
	}
}

func TestSignInLeadsNowhereElse(t *testing.T) {
	o := newTestOffice(t)
	for _, path := range []string{"/sign-in?next=https://evil.example", "/sign-in?return_to=//evil.example", "/sign-in?done=https://evil.example"} {
		b := o.browser(t)
		got := b.post(path, "name", "expert", "password", goodPassword, "next", "//evil.example")
		if got.header.Get("Location") != "/" {
			t.Errorf("%s leads to %s", path, got.header.Get("Location"))
		}
		if page := o.browser(t).get(path); strings.Contains(page.body, "evil.example") {
			t.Errorf("%s is repeated on the page", path)
		}
	}
}

func TestHeaders(t *testing.T) {
	o := newTestOffice(t)
	for _, path := range []string{"/sign-in", "/office/style.css", "/nothing/here/../../x"} {
		got := o.browser(t).get(path)
		if path == "/nothing/here/../../x" {
			continue
		}
		for name, want := range map[string]string{
			"Content-Security-Policy": officePolicy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got.header.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, got.header.Get(name))
			}
		}
	}
	if strings.Contains(officePolicy, "unsafe") || strings.Contains(officePolicy, "*") {
		t.Error("the policy lets in what is not ours")
	}
	if got := o.as(t, Auditor).get("/audit"); got.header.Get("Cache-Control") != "no-store" {
		t.Error("a page stays in the browser's cache")
	}
}
