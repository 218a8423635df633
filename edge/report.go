package edge

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"jembe/advisory"
)

// VillageReport is what was asked at a box and what came of it, in words that a village meeting can hear.
//
// Figures are told in full tens, "at least 30", and below advisory.SmallCount as "fewer than ten", none included. So nobody is found
// by a small figure, nor by taking parts from their sum, nor by hearing the report before and after a neighbour has asked.
type VillageReport struct {
	Lang  advisory.Lang `json:"lang"`
	Text  string        `json:"text"` // the short form, to be heard in 40 seconds
	Parts []ReportPart  `json:"parts"`
}

// ReportPart is one thing that the report tells.
type ReportPart struct {
	Key     string `json:"key"`              // names it within the report
	Picture string `json:"picture"`          // /page/village.svg#picture
	Text    string `json:"text"`             // a sentence or a few
	Number  string `json:"number,omitempty"` // of the advice that it is about, "2-1-4"
	Short   bool   `json:"short"`            // it is in the short form too
}

// mostAdvice is how much new advice, and how much that is no longer given, is told by title.
const mostAdvice = 5

// Report tells what was asked at the box of a Store and what came of it. Advice is named as far as the Advisor has it in the language
// and at this place.
func Report(ctx context.Context, s *Store, a *advisory.Advisor, lang advisory.Lang) (VillageReport, error) {
	account, err := s.account(ctx)
	if err != nil {
		return VillageReport{}, err
	}
	t := &reporting{account: account, lang: lang, advisor: a, library: a.Library()}
	t.asked()
	t.sent()
	t.kept()
	if err := t.came(ctx); err != nil {
		return VillageReport{}, err
	}
	t.gone()
	return VillageReport{lang, t.short(), t.parts}, nil
}

// reporting puts an account into words.
type reporting struct {
	account
	lang    advisory.Lang
	advisor *advisory.Advisor
	library advisory.Library
	parts   []ReportPart
}

// add tells one thing in the words of a message.
func (t *reporting) add(p ReportPart, message string, pairs ...string) *ReportPart {
	p.Text = advisory.Say(t.lang, message, pairs...)
	t.parts = append(t.parts, p)
	return &t.parts[len(t.parts)-1]
}

// figure tells a count in the words of a message, or of the one for small counts.
func (t *reporting) figure(p ReportPart, message string, n int64, pairs ...string) {
	if n < advisory.SmallCount {
		t.add(p, message+"_few")
		return
	}
	t.add(p, message, append(pairs, "count", fmt.Sprint(n-n%advisory.SmallCount))...)
}

// asked tells how much was asked, and how it was answered. Of few questions the parts are few too, and not worth a sentence each.
func (t *reporting) asked() {
	questions := t.counts[countQuestions]
	since := t.date(t.counts[countSince])
	first := ReportPart{Key: "asked", Picture: "asked", Short: true}
	if questions < advisory.SmallCount {
		t.add(first, "account_asked_few")
		return
	}
	if since == "" {
		t.figure(first, "account_asked", questions)
	} else {
		t.figure(first, "account_asked_since", questions, "date", since)
	}
	t.figure(ReportPart{Key: "spoken", Picture: "spoken"}, "account_spoken", t.counts[countSpoken])
	t.figure(ReportPart{Key: "answered", Picture: "answered", Short: true}, "account_answered", t.counts[countAnswered])
	t.figure(ReportPart{Key: "unanswered", Picture: "unanswered", Short: true}, "account_unanswered", t.counts[countGaps])
	t.figure(ReportPart{Key: "helped", Picture: "helped"}, "account_helped", t.counts[countHelped])
	t.figure(ReportPart{Key: "unhelpful", Picture: "unhelpful"}, "account_unhelpful", t.counts[countUnhelpful])
}

// sent tells what the office has, and when the box last spoke with it.
func (t *reporting) sent() {
	p, sent := ReportPart{Key: "sent", Picture: "office", Short: true}, t.counts[countQuestions]-t.waiting
	switch {
	case !t.enrolled:
		t.add(p, "account_alone")
		return
	case !t.line.Ever || sent <= 0:
		t.add(p, "account_sent_none")
	case t.waiting == 0:
		t.add(p, "account_sent_all")
	default:
		t.figure(p, "account_sent", sent)
	}
	p = ReportPart{Key: "line", Picture: "office"}
	switch days := t.daysSinceLine(); {
	case days < 0:
	case days == 0:
		t.add(p, "account_line_today")
	case days == 1:
		t.add(p, "account_line_yesterday")
	default:
		t.add(p, "account_line_days", "days", fmt.Sprint(days))
	}
}

// daysSinceLine counts midnights since the last contact; -1: there was none, or the clock does not tell.
func (t *reporting) daysSinceLine() int {
	if t.now.IsZero() || t.line.Before < 0 {
		return -1
	}
	day := func(at time.Time) time.Time {
		return time.Date(at.Year(), at.Month(), at.Day(), 12, 0, 0, 0, time.UTC)
	}
	spoke := t.now.Add(-time.Duration(t.line.Before) * time.Millisecond)
	return int(day(t.now).Sub(day(spoke)).Hours() / 24)
}

// kept tells what is kept and sent of those who ask, and of the persons they asked for.
func (t *reporting) kept() {
	t.add(ReportPart{Key: "private", Picture: "private", Short: true}, "account_private")
	if t.counts[countQuestions] < advisory.SmallCount {
		return
	}
	t.figure(ReportPart{Key: "words", Picture: "private"}, "account_words", t.words)
	t.figure(ReportPart{Key: "persons", Picture: "person"}, "account_persons", t.counts[countPersons])
	t.figure(ReportPart{Key: "replies", Picture: "reply"}, "account_replies", t.counts[countReplies])
}

// came tells what advice came since, the newest first; what fills a gap before all, which the short form has. Of the rest it has one.
func (t *reporting) came(ctx context.Context) error {
	var came, filling []seenDocument
	for _, d := range slices.Backward(t.documents) {
		title, err := t.title(ctx, d)
		if err != nil {
			return err
		}
		if title == "" {
			continue
		}
		d.title = title
		came = append(came, d)
		if d.fills != "" {
			filling = append(filling, d)
		}
	}
	if len(came) == 0 {
		return nil
	}
	for i, d := range filling[:min(len(filling), mostAdvice)] {
		t.filled(i+1, d)
	}
	if len(came) == 1 {
		t.add(ReportPart{Key: "new", Picture: "advice"}, "account_new_one")
	} else {
		t.add(ReportPart{Key: "new", Picture: "advice"}, "account_new", "count", fmt.Sprint(len(came)))
	}
	came = slices.DeleteFunc(came, func(d seenDocument) bool { return d.fills != "" })
	for i, d := range came[:min(len(came), mostAdvice)] {
		t.press(t.add(ReportPart{Key: fmt.Sprintf("new-%d", i+1), Picture: "advice", Short: i == 0 && len(filling) == 0}, "account_advice", "title", d.title), d.id)
	}
	return nil
}

// filled tells that there is an answer now to what was asked.
func (t *reporting) filled(n int, d seenDocument) {
	p := ReportPart{Key: fmt.Sprintf("filled-%d", n), Picture: "filled", Short: n == 1}
	topic := t.library.Lexicon.Name(d.fills, t.lang)
	if since := t.date(d.came); since != "" {
		t.press(t.add(p, "account_filled_since", "topic", topic, "title", d.title, "date", since), d.id)
	} else {
		t.press(t.add(p, "account_filled", "topic", topic, "title", d.title), d.id)
	}
}

// press adds by which number an advice is heard, where it has one.
func (t *reporting) press(p *ReportPart, document string) {
	if p.Number = t.library.Menu.Numbers()[document]; p.Number != "" {
		p.Text += " " + advisory.Say(t.lang, "account_press", "number", strings.ReplaceAll(p.Number, "-", ", "))
	}
}

// title gives what a document that came later is called now; "" of any other, and where it is no advice here.
func (t *reporting) title(ctx context.Context, d seenDocument) (string, error) {
	if d.first || d.gone || d.lang != t.lang {
		return "", nil
	}
	found, err := t.library.Retriever.Retrieve(ctx, advisory.Query{Document: d.id, Lang: t.lang, Limit: 1})
	if err != nil {
		return "", fmt.Errorf("find %s: %w", d.id, err)
	}
	place := advisory.Place{}
	if t.advisor.Setting != nil {
		place = t.advisor.Setting().Place
	}
	if len(found) == 0 || found[0].Document.Lang != t.lang || !found[0].Document.HoldsIn(place) {
		return "", nil
	}
	return found[0].Document.Title, nil
}

// gone tells what is no longer given, as after the office has taken it back.
func (t *reporting) gone() {
	n := 0
	for _, d := range slices.Backward(t.documents) {
		if d.gone && d.lang == t.lang && n < mostAdvice {
			n++
			t.add(ReportPart{Key: fmt.Sprintf("gone-%d", n), Picture: "gone"}, "account_gone", "title", d.title)
		}
	}
}

// short puts the short form together.
func (t *reporting) short() string {
	var out []string
	for _, p := range t.parts {
		if p.Short {
			out = append(out, p.Text)
		}
	}
	return strings.Join(out, " ")
}

// date says a day, Unix ms, of this year without it; "" where it is not known, or still to come.
func (t *reporting) date(ms int64) string {
	at, message := time.UnixMilli(ms), "account_date"
	if ms == 0 || t.now.IsZero() || at.After(t.now) {
		return ""
	}
	if at.Year() == t.now.Year() {
		message = "account_day"
	}
	month := advisory.Say(t.lang, fmt.Sprintf("month_%d", at.Month()))
	return advisory.Say(t.lang, message, "day", fmt.Sprint(at.Day()), "month", month, "year", fmt.Sprint(at.Year()))
}
