package hub

import (
	"net/http"
	"strings"
)

// signInPage is GET /sign-in. Before there is a user it tells how the first one is made.
func (o *office) signInPage(v *visit) error {
	users, err := o.staff.Users(v.Request().Context())
	if err != nil {
		return err
	}
	return o.show(v, "sign_in", struct{ NoUsers bool }{len(users) == 0})
}

// signIn is POST /sign-in. It leads to the front page and nowhere else.
func (o *office) signIn(v *visit) error {
	name := strings.ToLower(strings.TrimSpace(v.FormValue("name")))
	token, err := o.staff.SignIn(v.Request().Context(), Credentials{name, v.FormValue("password"), v.FormValue("code")}, clientAddress(v.Request()), sessionToken(v.Request()))
	if err != nil {
		return o.again(v, err, o.signInPage)
	}
	setSession(v, token)
	return v.Redirect(http.StatusSeeOther, "/")
}

// signOut is POST /sign-out.
func (o *office) signOut(v *visit) error {
	if err := o.staff.SignOut(v.Request().Context(), v.by(), sessionToken(v.Request())); err != nil {
		return err
	}
	return v.leave()
}

// signOutEverywhere is POST /sign-out-everywhere: for one who left a browser open somewhere.
func (o *office) signOutEverywhere(v *visit) error {
	if err := o.staff.SignOutEverywhere(v.Request().Context(), v.by(), v.user.Name); err != nil {
		return err
	}
	return v.leave()
}

// leave takes the cookie away, and what the browser keeps of the pages (ASVS 5.0, 14.3.1).
func (v *visit) leave() error {
	setSession(v, "")
	v.Response().Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return v.done("/sign-in", "signed_out")
}

// passwordPage is GET /password.
func (o *office) passwordPage(v *visit) error { return o.show(v, "password", nil) }

// changePassword is POST /password.
func (o *office) changePassword(v *visit) error {
	again := func(err error) error { return o.again(v, err, o.passwordPage) }
	if v.FormValue("new") != v.FormValue("repeat") {
		return again(Refusal("password_differs"))
	}
	token, err := o.staff.ChangePassword(v.Request().Context(), v.by(), v.FormValue("old"), v.FormValue("new"))
	if err != nil {
		return again(err)
	}
	setSession(v, token)
	return v.done("/", "password")
}
