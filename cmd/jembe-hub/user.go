package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"jembe/advisory"
	"jembe/edge/hub"
)

type userCmd struct {
	Add    userAddCmd    `cmd:"" help:"Add a user of the office's pages."`
	List   userListCmd   `cmd:"" help:"List the users with their roles."`
	Reset  userResetCmd  `cmd:"" help:"Give a user a one-time password, and turn their second factor off: for a lost password or telephone."`
	Remove userRemoveCmd `cmd:"" help:"Remove a user, whose sessions end at once."`
}

type userAddCmd struct {
	Name    string   `arg:"" help:"Small letters and digits, such as grace."`
	Role    []string `help:"administrator, curator, expert, analyst or auditor; may be given several times." required:"" placeholder:"ROLE"`
	OneTime bool     `help:"Ask for no password: print a one-time password, which the user changes at the first sign-in."`
}

// Run adds the user with the password that is typed, or stands on the first line of standard input; without one a one-time
// password is made and printed.
func (u *userAddCmd) Run(ctx context.Context, p *program, c *cli) error {
	roles, err := hub.ParseRoles(u.Role...)
	if err != nil {
		return err
	}
	password := ""
	if !u.OneTime {
		if password, err = p.password(); err != nil {
			return err
		}
	}
	h, err := p.open(ctx, c)
	if err != nil {
		return err
	}
	defer h.Close()
	oneTime, err := h.Staff().Add(ctx, hub.CommandLine(), u.Name, roles, password)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s is added.", u.Name)
	if oneTime != "" {
		text += "\n" + oneTimeText(oneTime)
	}
	return p.print(c, struct {
		Name    string     `json:"name"`
		Roles   []hub.Role `json:"roles"`
		OneTime string     `json:"one_time_password,omitempty"`
	}{u.Name, roles, oneTime}, text)
}

func oneTimeText(password string) string {
	return fmt.Sprintf("One-time password: %s\nIt holds for 72 hours and must be changed at the first sign-in; it is shown only now.", password)
}

// password asks for one on a terminal, twice and without showing it, or reads the first line of standard input; "" when there is
// none.
func (p *program) password() (string, error) {
	file, ok := p.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		line, err := bufio.NewReader(io.LimitReader(p.stdin, 4096)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("read the password from standard input: %w", err)
		}
		return strings.TrimRight(line, "\r\n"), nil
	}
	ask := func(what string) (string, error) {
		fmt.Fprint(p.stderr, what)
		typed, err := term.ReadPassword(int(file.Fd()))
		fmt.Fprintln(p.stderr)
		return string(typed), err
	}
	first, err := ask("Password (empty: a one-time password is made): ")
	if err != nil || first == "" {
		return "", err
	}
	second, err := ask("Once more: ")
	if err == nil && first != second {
		err = &advisory.Error{Code: advisory.BadRequest, Err: errors.New("the two passwords differ"), Hint: "try again"}
	}
	return first, err
}

type userListCmd struct{}

// Run lists the users.
func (userListCmd) Run(ctx context.Context, p *program, c *cli) error {
	h, err := p.open(ctx, c)
	if err != nil {
		return err
	}
	defer h.Close()
	users, err := h.Staff().Users(ctx)
	if err != nil {
		return err
	}
	type line struct {
		Name    string     `json:"name"`
		Roles   []hub.Role `json:"roles"`
		Since   time.Time  `json:"since"`
		OneTime bool       `json:"one_time_password"`
		Factor  bool       `json:"second_factor"`
	}
	out, text := []line{}, strings.Builder{}
	for _, u := range users {
		out = append(out, line{u.Name, u.Roles, time.UnixMilli(u.MadeMS).UTC(), u.OneTime, u.Factor})
		note := ""
		if u.OneTime {
			note = " (one-time password)"
		}
		if u.Factor {
			note += " (second factor)"
		}
		fmt.Fprintf(&text, "%-20s %v%s\n", u.Name, u.Roles, note)
	}
	if len(users) == 0 {
		text.WriteString("No users yet: jembe-hub user add NAME --role administrator")
	}
	return p.print(c, out, strings.TrimSuffix(text.String(), "\n"))
}

type userResetCmd struct {
	Name string `arg:""`
}

// Run resets the user.
func (u *userResetCmd) Run(ctx context.Context, p *program, c *cli) error {
	h, err := p.open(ctx, c)
	if err != nil {
		return err
	}
	defer h.Close()
	oneTime, err := h.Staff().ResetPassword(ctx, hub.CommandLine(), u.Name)
	if err != nil {
		return err
	}
	return p.print(c, map[string]string{"name": u.Name, "one_time_password": oneTime}, oneTimeText(oneTime))
}

type userRemoveCmd struct {
	Name string `arg:""`
}

// Run removes the user.
func (u *userRemoveCmd) Run(ctx context.Context, p *program, c *cli) error {
	h, err := p.open(ctx, c)
	if err != nil {
		return err
	}
	defer h.Close()
	if err := h.Staff().Remove(ctx, hub.CommandLine(), u.Name); err != nil {
		return err
	}
	return p.print(c, map[string]string{"removed": u.Name}, u.Name+" is removed.")
}
