package advisory

import "strings"

// forbids reports whether the statement tells people not to use what is named at a word position, without a back door such as
// "do not forget to" or "never use less than".
func (s *statement) forbids(at int) bool {
	parts := s.forbidding()
	for i, part := range parts { // the clause in which it stands
		from, to := part[0], part[1]
		if at < from || at >= to {
			continue
		}
		negated := len(s.negated(from, to)) > 0 || s.signs.has(from, to, listForbidding)
		if !negated && s.signs.at(from, "if") && i+1 < len(parts) { // "if a shop offers you X, refuse it"
			negated = s.signs.has(parts[i+1][0], parts[i+1][1], listForbidding)
		}
		return negated && !s.signs.has(from, to, listHollow) && !s.takenBack(at)
	}
	return false
}

// takenBack reports whether what is forbidden at a word is praised in spite of it: "is banned, but it works".
func (s *statement) takenBack(at int) bool {
	for _, h := range s.signs {
		if h.list == listTurn && h.at > at && s.signs.has(h.at, len(s.words), listPraise) && len(s.negated(h.at, len(s.words))) == 0 {
			return true
		}
	}
	return false
}

// forbidding parts a sentence where something new begins that a "not" before or after it is not said of: at an "if", and at a
// comma or a "but" before a verb of doing; elsewhere a list goes on.
func (s *statement) forbidding() [][2]int {
	var out [][2]int
	add := func(from, to int, apart bool) {
		last := len(out) - 1
		switch {
		case from == to:
		case last >= 0 && !apart && !s.signs.has(from, to, listAdvice):
			out[last][1] = to
		default:
			out = append(out, [2]int{from, to})
		}
	}
	from, apart, sign := 0, false, 0
	for i := range s.words {
		parted := false
		for ; sign < len(s.lexemes) && s.lexemes[sign].word <= i; sign++ {
			parted = parted || s.lexemes[sign].is == lexSign && strings.Contains(",:;–—،", s.lexemes[sign].text)
		}
		tied := s.signs.at(i, "if")
		if parted || tied || s.signs.at(i, listTurn) {
			add(from, i, apart)
			from, apart = i, tied
		}
	}
	add(from, len(s.words), apart)
	return out
}
