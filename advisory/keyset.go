package advisory

import (
	"hash/maphash"
	"slices"
)

// keySet is a set of keys as their hashes, sorted: two are compared by the thousand for an answer.
type keySet []uint64

var keySeed = maphash.MakeSeed()

// keySetOf is the set of the keys that are not empty.
func keySetOf(keys []string) keySet {
	out := make(keySet, 0, len(keys))
	for _, k := range keys {
		if k != "" {
			out = append(out, maphash.String(keySeed, k))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// sharedKeys gives the share of the keys of a that are in b.
func sharedKeys(a, b keySet) float64 {
	if len(a) == 0 {
		return 0
	}
	n := 0
	for i, k := 0, 0; i < len(a) && k < len(b); {
		switch {
		case a[i] < b[k]:
			i++
		case a[i] > b[k]:
			k++
		default:
			n, i, k = n+1, i+1, k+1
		}
	}
	return float64(n) / float64(len(a))
}
