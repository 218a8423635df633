package hub

// factorView is what the page of the second factor shows.
type factorView struct {
	First    bool   // nothing else is open before it is turned on
	Secret   string // for the app, while it is off
	QR       qrCode // of the same
	Left     int    // recovery codes, while it is on
	Recovery []string
}

// factorPage is GET /second-factor.
func (o *office) factorPage(v *visit) (err error) {
	view := factorView{First: v.factorFirst}
	if v.user.Factor {
		if view.Left, err = o.staff.RecoveryCodes(v.Request().Context(), v.user.Name); err != nil {
			return err
		}
		return o.show(v, "second_factor", view)
	}
	// A code that was wrong is tried again with the secret that the app has by now; none is taken from an address, which others can make.
	key, err := newFactor(v.user.Name, v.Request().PostFormValue("secret"))
	if err != nil {
		return err
	}
	view.Secret = key.Secret()
	if view.QR, err = newQRCode(key.URL()); err != nil {
		return err
	}
	return o.show(v, "second_factor", view)
}

// turnOnFactor is POST /second-factor: the recovery codes are shown in the reply, and nowhere else.
func (o *office) turnOnFactor(v *visit) error {
	token, recovery, err := o.staff.TurnOnFactor(v.Request().Context(), v.by(), v.FormValue("password"), v.Request().PostFormValue("secret"), v.FormValue("code"))
	if err != nil {
		return o.again(v, err, o.factorPage)
	}
	setSession(v, token)
	v.user.Factor, v.factorFirst = true, false
	return o.show(v, "second_factor", factorView{Recovery: recovery, Left: len(recovery)})
}

// turnOffFactor is POST /second-factor/off.
func (o *office) turnOffFactor(v *visit) error {
	if err := o.staff.TurnOffFactor(v.Request().Context(), v.by(), v.FormValue("password"), v.FormValue("code")); err != nil {
		return o.again(v, err, o.factorPage)
	}
	return v.done("/second-factor", "factor_off")
}
