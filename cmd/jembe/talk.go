package main

import (
	"bufio"
	"context"
	"fmt"
	"strconv"
	"strings"

	"jembe/advisory"
	"jembe/cmd/terminal"
)

// talk asks the lines of standard input one after the other as one person's: a line may follow up the one before. The number of a choice
// chooses it, y and n answer yes and no, and an empty line begins a new person.
func (a *askCmd) talk(ctx context.Context, p *program, c *cli, b *box, about advisory.Question) error {
	var last advisory.Answer
	lines := bufio.NewScanner(p.stdin)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" {
			last = advisory.Answer{}
			continue
		}
		q := about
		q.Before = last.Turn
		if q.Choice = chosen(line, last.Choices); q.Choice == "" {
			q.Text = line
		}
		answer, err := b.advisor.Ask(ctx, q)
		if err != nil && answer.ID == "" {
			fmt.Fprintln(p.stderr, "jembe:", terminal.NewFault(err))
			continue
		}
		if err != nil {
			fmt.Fprintln(p.stderr, "jembe: not recorded:", terminal.NewFault(err))
		}
		last = answer
		if err := p.print(c, answer, answer.Spoken+"\n"+beside(answer)); err != nil {
			return err
		}
	}
	return lines.Err()
}

// chosen gives the value of the choice that a line names: its number, or y and n where yes and no are the choices; "" if it names none.
func chosen(line string, choices []advisory.Choice) string {
	if n, err := strconv.Atoi(line); err == nil && n >= 1 && n <= len(choices) {
		return choices[n-1].Value
	}
	if len(choices) == 2 && choices[1].Value == advisory.No {
		switch strings.ToLower(line) {
		case "y", "yes":
			return choices[0].Value
		case "n", "no":
			return choices[1].Value
		}
	}
	return ""
}
