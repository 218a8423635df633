package advisory

// unlike tells how much the sounds of two words differ: the least sum of the costs of changing, adding and leaving out that makes one
// the other. The costs are what writers of Hindi in Latin letters differ in: length and breath cost next to nothing.
func unlike(a, b []byte) float64 {
	var buf [64]float64
	row := append(buf[:0], 0)
	for j := range b {
		row = append(row, row[j]+alone(b, j))
	}
	for i := range a {
		corner := row[0]
		row[0] += alone(a, i)
		gone := alone(a, i)
		for j := range b {
			next := min(corner+swaps[a[i]][b[j]], row[j+1]+gone, row[j]+alone(b, j))
			corner, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}

// alone is the cost of a sound that only one of the words has.
func alone(s []byte, i int) float64 {
	switch {
	case i > 0 && s[i]|0x20 == s[i-1]|0x20: // a double consonant
		return 0.15
	case s[i] == 'N':
		return 0.15
	case s[i] == 'a' && i > 0:
		return 0.25
	case s[i] == 'h' && i > 0:
		return 0.3
	case s[i] == 'y' && i > 0 && vowel(s[i-1]):
		return 0.2
	case nasal(s, i):
		return 0.3
	case vowel(s[i]):
		return 0.7
	}
	return 2
}

// swaps are the costs of sounds that are taken for each other; of two vowels that are not listed 0.8, of all others no less than a
// word may cost.
var swaps = func() (costs [128][128]float64) {
	const never = 3
	for x := range byte(128) {
		for y := range byte(128) {
			switch {
			case x == y:
			case x|0x20 == y|0x20 && !vowel(x): // breath
				costs[x][y] = 0.12
			case vowel(x) && vowel(y):
				costs[x][y] = 0.8
			default:
				costs[x][y] = never
			}
		}
	}
	for pair, cost := range map[string]float64{
		"aA": 0.1, "eE": 0.15, "oO": 0.15, "ei": 0.35, "ou": 0.35, "Ea": 0.4, "Oa": 0.4, "ea": 0.5, "oa": 0.5,
		"Rr": 0.1, "Rd": 0.05, "RD": 0.15, "Dr": 0.3, "Nn": 0.05, "Nm": 0.1, "nm": 0.4, "bv": 0.6, "ey": 0.4, "iy": 0.4,
	} {
		costs[pair[0]][pair[1]], costs[pair[1]][pair[0]] = cost, cost
	}
	return costs
}()
