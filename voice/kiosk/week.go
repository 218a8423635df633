package kiosk

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"

	"jembe/advisory"
)

// week is what matters this week, or what has to be told first.
type week struct {
	Sound     []string `json:"sound"`
	Items     []offer  `json:"items"`
	Choices   []offer  `json:"choices"`
	Bulletins []struct {
		Sound []string `json:"sound"`
	} `json:"bulletins"`
}

// offer is something of a week that a key takes: an advice, or what is told to the box to hear more.
type offer struct {
	Key    int      `json:"key"` // 0 to 12
	Sound  []string `json:"sound"`
	Number string   `json:"number"` // of an advice
	Month  int      `json:"month"`
	Crop   string   `json:"crop"`
	Stage  string   `json:"stage"`
	Other  bool     `json:"other"`
}

// week asks for this week, with what was told.
func (b *box) week(ctx context.Context, lang advisory.Lang, session string, told offer) (out week, err error) {
	query := url.Values{"lang": {string(lang)}, "session": {session}}
	for name, value := range map[string]string{"crop": told.Crop, "stage": told.Stage} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if told.Month > 0 {
		query.Set("month", strconv.Itoa(told.Month))
	}
	if told.Other {
		query.Set("other", "true")
	}
	err = b.get(ctx, "/v1/week?"+query.Encode(), &out)
	return out, err
}

// thisWeek says what matters now, and first of all what the office has to tell; or it asks for what the box cannot know, such as the
// month where no clock is to be trusted, which holds for this person from then on.
func (p *person) thisWeek(ctx context.Context, told offer) ([]cue, error) {
	p.month = cmp.Or(told.Month, p.month)
	told.Month = p.month
	w, err := think(ctx, p, func(ctx context.Context) (week, error) { return p.box.week(ctx, p.lang, p.session, told) })
	p.offers = slices.Concat(w.Items, w.Choices)
	switch {
	case codeOfError(err) == advisory.NotFound:
		return p.notUnderstood("kiosk_no_week"), nil
	case err != nil:
		return p.failed(err)
	}
	said := cues(w.Sound...)
	for _, b := range w.Bulletins {
		said = append(said, cues(b.Sound...)...)
	}
	for _, o := range p.offers {
		said = append(said, cues(o.Sound...)...)
	}
	return p.keep(said), nil
}

// takeOffer takes what stands under a key. What has a key of two digits, as the months have, waits a little for the second.
func (p *person) takeOffer(ctx context.Context, key int) ([]cue, error) {
	if key > 0 && (p.offered(10*key) != nil || p.offered(10*key+1) != nil) {
		press, err := p.tell(ctx, []cue{{wav: toneKey()}}, 2*nextDigit)
		n, digit := press.Means.digit()
		switch {
		case errors.Is(err, errSilence):
		case err != nil:
			return nil, err
		case digit && p.offered(10*key+n) != nil:
			key = 10*key + n
		case press.Means != Yes:
			return p.act(ctx, press)
		}
	}
	taken := p.offered(key)
	p.offers = nil
	switch {
	case taken == nil:
		return p.digit(ctx, key)
	case taken.Number != "":
		return p.choose(ctx, taken.Number)
	}
	return p.thisWeek(ctx, *taken)
}

// offered is what stands under a key; nil: nothing.
func (p *person) offered(key int) *offer {
	if i := slices.IndexFunc(p.offers, func(o offer) bool { return o.Key == key }); i >= 0 {
		return &p.offers[i]
	}
	return nil
}
