package hub

import (
	"encoding/hex"
	"strconv"
	"strings"
)

// usersView is what the page of users shows.
type usersView struct {
	Users   []User
	Roles   []Role
	May     map[Role][]Permission
	Name    string // of the one for whom OneTime was made
	OneTime string // shown once
}

// Has reports whether the user has the role.
func (u User) Has(role Role) bool {
	for _, r := range u.Roles {
		if r == role {
			return true
		}
	}
	return false
}

// users is GET /users.
func (o *office) users(v *visit) error { return o.showUsers(v, "", "") }

func (o *office) showUsers(v *visit, name, oneTime string) error {
	all, err := o.staff.Users(v.Request().Context())
	if err != nil {
		return err
	}
	return o.show(v, "users", usersView{all, Roles(), may, name, oneTime})
}

// addUser is POST /users: the one-time password is shown in the reply, and nowhere else.
func (o *office) addUser(v *visit) error {
	name := strings.ToLower(strings.TrimSpace(v.FormValue("name")))
	roles, err := v.roles()
	if err != nil {
		return o.again(v, err, o.users)
	}
	oneTime, err := o.staff.Add(v.Request().Context(), v.by(), name, roles, "")
	if err != nil {
		return o.again(v, err, o.users)
	}
	return o.showUsers(v, name, oneTime)
}

// setRoles is POST /users/{name}/roles.
func (o *office) setRoles(v *visit) error {
	roles, err := v.roles()
	if err == nil {
		err = o.staff.SetRoles(v.Request().Context(), v.by(), v.Param("name"), roles)
	}
	if err != nil {
		return o.again(v, err, o.users)
	}
	return v.done("/users", "roles")
}

// resetPassword is POST /users/{name}/reset.
func (o *office) resetPassword(v *visit) error {
	oneTime, err := o.staff.ResetPassword(v.Request().Context(), v.by(), v.Param("name"))
	if err != nil {
		return o.again(v, err, o.users)
	}
	return o.showUsers(v, v.Param("name"), oneTime)
}

// removeUser is POST /users/{name}/remove.
func (o *office) removeUser(v *visit) error {
	if err := o.staff.Remove(v.Request().Context(), v.by(), v.Param("name")); err != nil {
		return o.again(v, err, o.users)
	}
	return v.done("/users", "removed")
}

// roles reads the boxes ticked in a form.
func (v *visit) roles() ([]Role, error) {
	form, err := v.FormParams()
	if err != nil {
		return nil, err
	}
	roles, err := ParseRoles(form["role"]...)
	if err != nil {
		return nil, Refusal("role")
	}
	return roles, nil
}

// auditPage is how many deeds a page shows.
const auditPage = 100

// auditView is what the page of the audit log shows.
type auditView struct {
	Deeds  []Deed
	Lines  int64
	Head   string // hash of the last line, in hexadecimal
	Broken string // where the log was changed; "": nowhere
	Older  int64  // the page before begins before this line; 0: there is none
}

// audit is GET /audit.
func (o *office) audit(v *visit) error {
	ctx := v.Request().Context()
	before, _ := strconv.ParseInt(v.QueryParam("before"), 10, 64)
	deeds, err := o.staff.Audit(ctx, max(before, 0), auditPage)
	if err != nil {
		return err
	}
	view := auditView{Deeds: deeds}
	if n := len(deeds); n == auditPage && deeds[n-1].N > 1 {
		view.Older = deeds[n-1].N
	}
	lines, head, err := o.staff.VerifyAudit(ctx)
	if view.Lines = lines; err != nil {
		view.Broken = err.Error()
	}
	view.Head = hex.EncodeToString(head[:])
	return o.show(v, "audit", view)
}
