package advisory

// MayGive reports whether a document's own short answer may be said on this box: it holds for the place, and the guard lets it
// through as it would in answer to a question. What waits for the office's approval waits here too.
func (a *Advisor) MayGive(d *Document) bool {
	k := &ask{Advisor: a, Library: a.Library()}
	if a.Setting != nil {
		k.Setting = a.Setting()
	}
	draft, passages := PreparedDraft(d)
	return d.HoldsIn(k.Place) && len(Guard(draft, passages, k.standard(Understanding{Lang: d.Lang}, Scored{Match: Match{Document: d}}))) == 0
}
