package edge

import (
	"context"
	"time"

	"jembe/content"
)

const settingMonth = "month" // toldMonth

// toldMonth is which month the operator said it was, to a box whose clock does not tell. It holds until the box starts again: what
// time then has passed nobody knows.
type toldMonth struct {
	Month time.Month `json:"month"`
	Wall  int64      `json:"wall_ms"` // by the wrong clock at that time, Unix ms
	Mono  int64      `json:"mono_ms"` // since the start
	Boot  string     `json:"boot"`
}

// TellMonth keeps the month that the operator says it is. It is of use only while the clock does not tell, until the box starts again.
func (s *Store) TellMonth(ctx context.Context, m time.Month) error {
	at := s.clock()
	return s.saveSetting(ctx, settingMonth, toldMonth{m, at.wall, at.mono, bootID()})
}

// Season gives the day by a trusted time, else the month that the operator told, else nothing: after a power cut a clock without a
// battery goes on where it stopped, and would tell the season of the day when the power went.
func (s *Store) Season(ctx context.Context) (content.Moment, error) {
	wall, _, ok, err := s.trustedTime(ctx)
	if err != nil {
		return content.Moment{}, err
	}
	if ok {
		day := time.UnixMilli(wall).UTC()
		return span(day, day), nil
	}
	at := s.clock()
	var told toldMonth
	if err := s.setting(ctx, settingMonth, &told); err != nil || told.Month == 0 || told.Boot != bootID() || told.Boot == "" {
		return content.Moment{}, err
	}
	then := monthOn(time.UnixMilli(told.Wall), told.Month)
	on := time.Duration(at.mono-told.Mono) * time.Millisecond
	return span(then.From.Add(on), then.To.Add(on)), nil
}

// SeasonOf gives the month that was told: the next one of that name, since no true clock is behind this one.
func (s *Store) SeasonOf(ctx context.Context, m time.Month) (content.Moment, error) {
	wall, _, err := s.Clock(ctx)
	return monthOn(time.UnixMilli(max(wall, built)), m), err
}

// monthOn gives all days of the first month of a name that is not over at a time.
func monthOn(t time.Time, m time.Month) content.Moment {
	t = t.UTC()
	year := t.Year()
	if m < t.Month() {
		year++
	}
	first := time.Date(year, m, 1, 0, 0, 0, 0, time.UTC)
	return content.Moment{From: first, To: first.AddDate(0, 1, -1)}
}

// span gives the days between two times.
func span(from, to time.Time) content.Moment {
	return content.Moment{From: from.Truncate(24 * time.Hour), To: to.Truncate(24 * time.Hour)}
}
