package advisory

import "strings"

// forbids reports whether the statement tells people not to use what is named at a word position, without a back door such as
// "do not forget to" or "never use less than".
func (s *statement) forbids(at int) bool {
	for _, part := range s.forbidding() { // the clause in which it stands
		if from, to := part[0], part[1]; at >= from && at < to {
			negated := len(s.negated(from, to)) > 0 || s.signs.has(from, to, listForbidding)
			return negated && !s.signs.has(from, to, listHollow)
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
