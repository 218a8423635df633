package hub

import "time"

// silentAfter is how long a box may be without contact before the office is told.
const silentAfter = 7 * 24 * time.Hour

// frontView is what the first page shows.
type frontView struct {
	Boxes, Alarms, Silent int64
	Month                 Count // of questions
	Small                 int
	Waiting               int // for a reply; one more than MostWaiting stands for any number above
	MostWaiting           int
}

// front is GET /.
func (o *office) front(v *visit) error {
	ctx, now := v.Request().Context(), o.hub.clock()
	view := frontView{Small: SmallCount}
	boxes, err := o.hub.Boxes(ctx)
	if err != nil {
		return err
	}
	for _, b := range boxes {
		if b.RevokedMS.Valid {
			continue
		}
		view.Boxes++
		if b.Alarm() {
			view.Alarms++
		}
		if now.Sub(time.UnixMilli(max(b.SeenMS, b.EnrolledMS))) > silentAfter {
			view.Silent++
		}
	}
	if v.user.May(SeeEscalations) {
		waiting, err := o.hub.escalations.Escalations(ctx, Waiting{}, 0, escalationsPage+1)
		if err != nil {
			return err
		}
		view.Waiting, view.MostWaiting = len(waiting), escalationsPage
	}
	month := spans(now)[0]
	f, err := o.hub.Figures(ctx, month.From, month.To, false, "")
	if err != nil {
		return err
	}
	if !v.user.May(SeeSmallCounts) {
		f = f.Withheld()
	}
	view.Month = f.Total
	return o.show(v, "front", view)
}
