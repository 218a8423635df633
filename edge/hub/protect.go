package hub

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// officePolicy lets a page load what is the hub's own, and nothing else: no inline script or style, no other host. Sound may
// come from the page itself: what was just recorded.
const officePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self' blob:; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// protect sets the headers that ASVS 5.0 asks for (chapter 3.4).
func protect(c echo.Context) {
	h := c.Response().Header()
	h.Set("Content-Security-Policy", officePolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	// Not no-referrer: with that, browsers send "Origin: null" with a form, and sameSite could not tell our own.
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(self)")
	h.Set("Cache-Control", "no-store")
	if overTLS(c.Request()) {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// sameSite refuses what another site's page does through the browser of someone signed in. It is the standard library's: it
// needs no token in every form, which one form could lack, and works before the sign-in too. The cookie's SameSite=Lax
// stands behind it, for browsers so old that they send neither Sec-Fetch-Site nor Origin.
var sameSite = http.NewCrossOriginProtection()

// clientAddress is the address from which a request comes. What a proxy says of it counts only when the proxy runs on this
// machine: anyone can write the header.
var clientAddress = echo.ExtractIPFromXFFHeader(echo.TrustLoopback(true), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false))

// overTLS reports whether the browser speaks TLS, to the hub or to a proxy before it. Who lies about it only harms the
// cookie of their own.
func overTLS(r *http.Request) bool {
	return r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https"
}

// cookieName has the prefix with which browsers keep a cookie from being set by anything but this host over TLS.
func cookieName(r *http.Request) string {
	if overTLS(r) {
		return "__Host-jembe"
	}
	return "jembe"
}

func sessionToken(r *http.Request) string {
	c, err := r.Cookie(cookieName(r))
	if err != nil {
		return ""
	}
	return c.Value
}

// setSession gives the browser the token of a session, which it forgets when it is closed; "" takes it away.
func setSession(c echo.Context, token string) {
	r := c.Request()
	cookie := &http.Cookie{Name: cookieName(r), Value: token, Path: "/", HttpOnly: true, Secure: overTLS(r), SameSite: http.SameSiteLaxMode}
	if token == "" {
		cookie.MaxAge = -1
	}
	c.SetCookie(cookie)
}
