package kiosk

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"jembe/advisory"
)

// askPerson asks for a person. What may go to them is asked first, and no is what silence means; in despair nobody is asked anything
// more.
func (p *person) askPerson(ctx context.Context) ([]cue, error) {
	var consent advisory.Consent
	a := p.answer
	if a.Reason != advisory.Despair && p.enrolled {
		var err error
		if consent.Words, err = p.confirm(ctx, p.question("consent_words")); err != nil {
			return nil, err
		}
		if a.Heard != "" {
			if consent.Voice, err = p.confirm(ctx, p.question("consent_voice")); err != nil {
				return nil, err
			}
		}
	}
	n, err := think(ctx, p, func(ctx context.Context) (note, error) { return p.box.escalate(ctx, a.ID, p.session, consent) })
	switch said := cues(n.Sound...); {
	case err != nil:
		return p.failed(err)
	case n.Code == "":
		return p.keep(said), nil
	default:
		p.keep(said)
		p.secret = true
		return p.whisper(ctx, said)
	}
}

// digitsOfTicket are those of the code, and of the picture's key.
const digitsOfTicket = 4

// comeBack takes a number and the key of a picture, and plays what a person has replied, or the advice that the number is of.
func (p *person) comeBack(ctx context.Context) ([]cue, error) {
	code, said := "", []cue{p.message("kiosk_code")}
	for len(code) < digitsOfTicket {
		press, err := p.tell(ctx, said, p.patience())
		if err != nil {
			return nil, err
		}
		n, digit := press.Means.digit()
		switch {
		case digit:
			code, said = code+fmt.Sprint(n), []cue{{wav: toneKey()}}
		case press.Means == Again, press.Means == Code, press.Means == Person:
			code, said = "", []cue{p.message("kiosk_code")}
		default:
			return p.act(ctx, press)
		}
	}
	number, picture := code[:digitsOfTicket-1], int(code[digitsOfTicket-1]-'0')
	r, err := think(ctx, p, func(ctx context.Context) (reply, error) { return p.box.open(ctx, p.lang, p.session, number, picture) })
	switch said := cues(r.Sound...); {
	case err != nil:
		return p.failed(err)
	case r.Asks:
		return p.ofUse(ctx, p.keep(said), useful{Code: number, Picture: picture, Lang: p.lang, Session: p.session})
	case r.State != "ready":
		return p.keep(said), nil
	default:
		p.keep(said)
		p.secret = true
		return p.whisper(ctx, said)
	}
}

// reasons why an advice was not followed, by their keys from 1.
var reasons = []string{"no_money", "not_to_be_had", "not_understood", "not_believed"}

// ofUse plays an advice that somebody has come back for, and asks whether it was done and helped, or why not. Silence says nothing, and
// a key that answers neither question is taken for what it means: nobody has to answer. What was said until then counts.
func (p *person) ofUse(ctx context.Context, advice []cue, u useful) ([]cue, error) {
	press, err := p.mayAnswer(ctx, append(slices.Clone(advice), p.question("followup_done")...))
	answered := false
	switch {
	case errors.Is(err, errSilence):
		return nil, nil
	case err != nil:
		return nil, err
	case press.Means == Yes:
		u.Done = true
		press, err = p.mayAnswer(ctx, p.question("followup_helped"))
		if answered = press.Means == Yes || press.Means == No; answered {
			u.Helped = string(press.Means)
		}
	case press.Means == No:
		press, err = p.mayAnswer(ctx, []cue{p.message("kiosk_why")})
		n, digit := press.Means.digit()
		if answered = digit && n >= 1 && n <= len(reasons); answered {
			u.Why = reasons[n-1]
		}
	default:
		return p.act(ctx, press)
	}
	_, failed := brief(ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, p.box.followUp(ctx, u) })
	switch {
	case err != nil && !errors.Is(err, errSilence):
		return nil, err
	case failed != nil:
		return p.failed(failed)
	case err == nil && !answered:
		return p.act(ctx, press)
	}
	return []cue{p.message("thanks")}, nil
}

// mayAnswer asks something that need not be answered, again for whom it is too quick, and gives the key that is pressed then; the error
// is errSilence where none is.
func (p *person) mayAnswer(ctx context.Context, question []cue) (Press, error) {
	for {
		press, err := p.tell(ctx, question, answerYesNo)
		if err != nil || press.Means != Again {
			return press, err
		}
	}
}

// takeTicket says a number by which the advice is heard again, aloud as the advice was: three digits and a picture.
func (p *person) takeTicket(ctx context.Context) ([]cue, error) {
	switch {
	case p.answer == nil:
		return p.greet(ctx)
	case p.answer.Outcome != advisory.Answered:
		return p.last, nil
	}
	n, err := brief(ctx, func(ctx context.Context) (note, error) { return p.box.ticket(ctx, p.answer.ID, p.session) })
	if err != nil {
		return p.failed(err)
	}
	return p.keep(cues(n.Sound...)), nil
}

// whisper plays what is for one person alone: by the earphone, and where there is none only after a yes.
func (p *person) whisper(ctx context.Context, said []cue) ([]cue, error) {
	if p.Earphone == "" {
		wanted, err := p.confirm(ctx, p.question("kiosk_others_hear"))
		if err != nil {
			return nil, err
		}
		if !wanted {
			return []cue{p.message("kiosk_later")}, nil
		}
		return said, nil
	}
	out := []cue{p.message("kiosk_earphone")}
	for _, c := range said {
		c.private = true
		out = append(out, c)
	}
	return out, nil
}
