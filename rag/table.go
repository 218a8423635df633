package rag

import (
	"cmp"
	"math"
	"slices"

	"jembe/advisory"
)

// wordTable knows how stems of one language are said in another, learnt from texts that stand in both.
type wordTable struct {
	Pairs map[advisory.Lang]map[advisory.Lang]map[string][]translated `json:"pairs"` // from -> to -> stem
}

// translated is a stem that translates another, with the geometric mean of the probabilities of both directions.
type translated struct {
	Stem string  `json:"s"`
	P    float32 `json:"p"`
}

// of gives the likely translations of a stem, best first.
func (t *wordTable) of(from, to advisory.Lang, stem string) []translated {
	return t.Pairs[from][to][stem]
}

const (
	tableRounds = 5    // of expectation and maximisation
	tableKeep   = 3    // translations of a stem
	tableLeast  = 0.15 // probability of a translation that is kept
	tableCells  = 2500 // words of one text times words of the other, above which an alignment says nothing about words
)

// learnTable learns the words of every two languages from the documents that stand in both and the names of the lexicon.
func learnTable(docs []*advisory.Document, lexicon *advisory.Lexicon) *wordTable {
	byID, langs := map[string]map[advisory.Lang]*advisory.Document{}, []advisory.Lang{}
	for _, d := range docs {
		if byID[d.ID] == nil {
			byID[d.ID] = map[advisory.Lang]*advisory.Document{}
		}
		byID[d.ID][d.Lang] = d
		if !slices.Contains(langs, d.Lang) {
			langs = append(langs, d.Lang)
		}
	}
	t := &wordTable{Pairs: map[advisory.Lang]map[advisory.Lang]map[string][]translated{}}
	for _, l := range langs {
		t.Pairs[l] = map[advisory.Lang]map[string][]translated{}
	}
	for i, a := range langs {
		for _, b := range langs[:i] {
			p := newParallel(a, b)
			for _, variants := range byID {
				if variants[a] != nil && variants[b] != nil {
					p.documents(variants[a], variants[b])
				}
			}
			p.names(lexicon)
			t.Pairs[a][b], t.Pairs[b][a] = p.learn()
		}
	}
	return t
}

// learn gives the translations in both directions.
func (p *parallel) learn() (ab, ba map[string][]translated) {
	forth, back := ibm1(p.a, p.b), ibm1(p.b, p.a)
	ab, ba = map[string][]translated{}, map[string][]translated{}
	for pair, prob := range forth {
		both := float32(math.Sqrt(float64(prob * back[[2]int32{pair[1], pair[0]}])))
		if both < tableLeast {
			continue
		}
		x, y := p.stemsA.list[pair[0]], p.stemsB.list[pair[1]]
		ab[x] = append(ab[x], translated{y, both})
		ba[y] = append(ba[y], translated{x, both})
	}
	for _, m := range []map[string][]translated{ab, ba} {
		for stem, list := range m {
			slices.SortFunc(list, func(a, b translated) int { return cmp.Or(cmp.Compare(b.P, a.P), cmp.Compare(a.Stem, b.Stem)) })
			m[stem] = list[:min(tableKeep, len(list))]
		}
	}
	return ab, ba
}

// ibm1 learns p(target word | source word) from aligned texts by IBM model 1 (Brown et al. 1993). The words are numbers from 1;
// 0 is the empty word that stands in every source. Pairs that stay below a hundredth are left out.
func ibm1(source, target [][]int32) map[[2]int32]float32 {
	ids := map[[2]int32]int32{}
	var from []int32    // pair -> source word
	var cells [][]int32 // text -> pairs, target word by target word
	words := int32(1)
	for i, ss := range source {
		row := make([]int32, 0, len(target[i])*(len(ss)+1))
		for _, t := range target[i] {
			for k := -1; k < len(ss); k++ {
				s := int32(0)
				if k >= 0 {
					s = ss[k]
				}
				id, ok := ids[[2]int32{s, t}]
				if !ok {
					id = int32(len(from))
					ids[[2]int32{s, t}] = id
					from = append(from, s)
				}
				row = append(row, id)
				words = max(words, s+1)
			}
		}
		cells = append(cells, row)
	}
	prob := make([]float32, len(from))
	for i := range prob {
		prob[i] = 1
	}
	for range tableRounds {
		prob = reestimate(prob, from, cells, source, words)
	}
	learnt := map[[2]int32]float32{}
	for pair, id := range ids {
		if pair[0] != 0 && prob[id] >= 0.01 {
			learnt[pair] = prob[id]
		}
	}
	return learnt
}

// reestimate does one round of expectation and maximisation.
func reestimate(prob []float32, from []int32, cells, source [][]int32, words int32) []float32 {
	count := make([]float32, len(prob))
	total := make([]float32, words)
	for i, row := range cells {
		for group := range slices.Chunk(row, len(source[i])+1) {
			sum := float32(0)
			for _, id := range group {
				sum += prob[id]
			}
			for _, id := range group {
				c := prob[id] / sum
				count[id] += c
				total[from[id]] += c
			}
		}
	}
	for id := range count {
		count[id] /= total[from[id]]
	}
	return count
}
