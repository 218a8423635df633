package kiosk

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"jembe/advisory"
)

// person is whoever stands at the kiosk, and all that is known of them. It goes when they go: nothing of it is kept for the next.
type person struct {
	*Kiosk
	session   string
	lang      advisory.Lang
	known     bool       // what the box can do: it has answered
	languages []language // that are spoken
	enrolled  bool       // the box belongs to an office
	menu      []branch   // of the language, once it was asked for
	path      []int      // keys pressed on the way to an advice
	offers    []offer    // of a week, that a digit takes
	month     int        // that they told, 1 to 12; 0: none
	answer    *answer    // the last; nil: there is none yet
	helped    bool       // they said so of it
	last      []cue      // what is played again
	easier    []cue      // the same in simpler words; none where nobody has written them
	secret    bool       // it is for this person alone
	repeats   int        // of it
}

// begin takes the first key. Who knows the way need not hear it: numbers count from the first, and so does talking.
func (p *person) begin(ctx context.Context, first Press) ([]cue, error) {
	now, err := brief(ctx, p.box.status)
	if err != nil {
		return p.failed(err)
	}
	p.known, p.enrolled = true, now.Office.Enrolled
	p.languages = slices.DeleteFunc(now.Languages, func(l language) bool { return !l.Spoken })
	if i := p.languageNow(); i < 0 && len(p.languages) > 0 {
		if p.Lang != "" {
			p.Log.Warn("the box does not speak the language in which people should be greeted", "lang", p.Lang)
		}
		p.lang = p.languages[0].Lang
	}
	if _, digit := first.Means.digit(); digit || slices.Contains([]Meaning{Talk, Person, Code, Language}, first.Means) {
		return p.act(ctx, first)
	}
	return p.greet(ctx)
}

// languageNow is the place of the person's language among those that are spoken; -1: the box does not speak it.
func (p *person) languageNow() int {
	return slices.IndexFunc(p.languages, func(l language) bool { return l.Lang == p.lang })
}

// message gives the address of one of the box's own texts, said.
func (p *person) message(key string) cue { return messageIn(p.lang, key) }

func messageIn(lang advisory.Lang, key string) cue {
	return cue{address: "/v1/messages/" + key + "/sound?lang=" + url.QueryEscape(string(lang))}
}

// greet reads the menu after a few words, so that the way from here to any advice is short, and tells the rest to who waits.
func (p *person) greet(ctx context.Context) ([]cue, error) {
	menu, err := p.branches(ctx)
	if err != nil {
		return p.failed(err)
	}
	out := append([]cue{p.message("kiosk_numbers")}, read(menu)...)
	return append(append(out, cue{pause: nextDigit}), p.help()...), nil
}

// help says what can be done here beside the menu, and how to come to another language: one of the village's, where it has told which
// these are.
func (p *person) help() []cue {
	var out []cue
	if i := p.languageNow(); i >= 0 && p.languages[i].Heard {
		out = append(out, p.message("kiosk_talk"))
	}
	told := slices.ContainsFunc(p.languages, func(l language) bool { return l.Village })
	for _, l := range p.languages {
		if l.Lang != p.lang && l.Village == told {
			out = append(out, messageIn(l.Lang, "kiosk_language"))
		}
	}
	return append(out, p.message("kiosk_week"), p.message("kiosk_reply"))
}

// act does what a key means, and gives what is then said.
func (p *person) act(ctx context.Context, press Press) ([]cue, error) {
	if !p.known {
		return p.begin(ctx, press)
	}
	if n, ok := press.Means.digit(); ok {
		return p.digit(ctx, n)
	}
	if press.Means != Again && press.Means != Simpler {
		p.path, p.offers = nil, nil
	}
	switch press.Means {
	case Talk:
		return p.talk(ctx, press)
	case Yes, No:
		return p.yesNo(ctx, press.Means == Yes)
	case Again:
		return p.again(ctx)
	case Simpler:
		return p.simpler(ctx)
	case Person:
		if p.answer == nil {
			return p.comeBack(ctx)
		}
		return p.askPerson(ctx)
	case Ticket:
		return p.takeTicket(ctx)
	case Code:
		return p.comeBack(ctx)
	default:
		return p.nextLanguage(ctx)
	}
}

// nextLanguage goes round the languages that the box speaks.
func (p *person) nextLanguage(ctx context.Context) ([]cue, error) {
	if len(p.languages) > 0 {
		p.lang = p.languages[(p.languageNow()+1)%len(p.languages)].Lang
	}
	p.menu = nil
	return p.greet(ctx)
}

// again plays the last once more; whoever asks for it a second time did not understand, and hears it simpler. Where there is nothing
// yet it is a call for help.
func (p *person) again(ctx context.Context) ([]cue, error) {
	p.repeats++
	switch {
	case len(p.last) == 0:
		return p.help(), nil
	case p.repeats > 1:
		return p.simpler(ctx)
	case p.secret:
		return p.whisper(ctx, p.last)
	}
	return p.last, nil
}

// simpler says the last in simpler words where somebody wrote them, and else slower.
func (p *person) simpler(ctx context.Context) ([]cue, error) {
	switch {
	case len(p.last) == 0:
		return p.help(), nil
	case p.secret:
		return p.whisper(ctx, slow(p.last))
	case len(p.easier) > 0:
		return p.easier, nil
	}
	return slow(p.last), nil
}

// slow gives the same at a slower pace, where the box has one.
func slow(all []cue) []cue {
	out := slices.Clone(all)
	for i, c := range out {
		switch {
		case strings.HasPrefix(c.address, "/v1/answers/"):
			out[i].address += "?slow=1"
		case strings.HasPrefix(c.address, "/v1/menu/sound/"):
			out[i].address += "&slow=1"
		}
	}
	return out
}

// keep remembers what is said as that which is played again.
func (p *person) keep(said []cue) []cue {
	p.last, p.easier, p.secret, p.repeats = said, nil, false, 0
	return said
}

// failed says what went wrong, in the box's own words where it has some. What ends the person's time is passed on.
func (p *person) failed(err error) ([]cue, error) {
	problem := (*advisory.Error)(nil)
	if !errors.As(err, &problem) {
		return nil, err
	}
	p.Log.Warn("the box refuses", "code", problem.Code, "error", err)
	if problem.Code == advisory.Unreachable {
		return []cue{{wav: toneTrouble()}}, nil
	}
	return p.notUnderstood("error_" + string(problem.Code)), nil
}

// notUnderstood is the tone of it, and a text.
func (p *person) notUnderstood(key string) []cue {
	return []cue{{wav: toneNotUnderstood()}, p.message(key)}
}

// tell plays, and gives the first key that is pressed, meanwhile or after; it stops the sound. The error is errSilence where nobody
// presses one for the given time after it, and errNextPerson where another person begins.
func (p *person) tell(ctx context.Context, said []cue, patience time.Duration) (Press, error) {
	ended, stop := p.player.start(ctx, said)
	defer stop()
	var quiet <-chan time.Time
	for {
		select {
		case press := <-p.presses:
			switch {
			case press.Down && press.Means == NewPerson:
				return Press{}, errNextPerson
			case press.Down:
				return press, nil
			}
		case <-ended:
			ended, quiet = nil, p.Clock(patience)
		case <-quiet:
			return Press{}, errSilence
		case <-ctx.Done():
			return Press{}, ctx.Err()
		}
	}
}

// question is a text that is answered by yes or no, with the keys for these.
func (p *person) question(key string) []cue { return []cue{p.message(key), p.message("confirm_how")} }

// confirm asks something; silence means no.
func (p *person) confirm(ctx context.Context, question []cue) (bool, error) {
	said, err := p.yesOrNo(ctx, question)
	return said == Yes, err
}

// yesOrNo asks something, and gives Yes, No, or nothing for silence. Any other key hears the question again.
func (p *person) yesOrNo(ctx context.Context, question []cue) (Meaning, error) {
	for {
		press, err := p.tell(ctx, question, answerYesNo)
		switch {
		case errors.Is(err, errSilence):
			return "", nil
		case err != nil, press.Means == Yes, press.Means == No:
			return press.Means, err
		}
	}
}

// patience is how long the kiosk waits for another key.
func (p *person) patience() time.Duration {
	if p.answer == nil || p.answer.Reason == advisory.Despair {
		return silence
	}
	poison := slices.ContainsFunc(p.answer.Contacts, func(c advisory.Contact) bool { return c.Kind == advisory.PoisonLine })
	if poison || p.answer.Reason == advisory.Poisoned || p.answer.Reason == advisory.CallVet {
		return tending
	}
	return silence
}

// forget ends the person's session at the box, which forgets them by itself too, with a tone.
func (p *person) forget(ctx context.Context) {
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), briefWait)
	defer cancel()
	if err := p.box.end(ending, p.session); err != nil {
		p.Log.Warn("the box was not told that a person has gone", "code", codeOfError(err), "error", err)
	}
	p.player.once(ctx, toneEnd())
}
