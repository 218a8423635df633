package advisory

import (
	_ "embed"
	"encoding/json"
)

// The file holds the logistic regression's weights, one for each of the Terms in order, as `jembe eval calibrate --write` fits
// them to cmd/jembe/testdata/questions.tsv.
//
//go:embed weights.json
var weightFile []byte

var weights = loadWeights()

func loadWeights() [TermCount]float64 {
	var list []float64
	if err := json.Unmarshal(weightFile, &list); err != nil || len(list) != TermCount {
		panic("weights.json does not hold a weight for each term: run make calibrate")
	}
	return [TermCount]float64(list)
}

// thresholds are confidences, chosen on the curve that `jembe eval calibrate` prints.
var thresholds = struct {
	Answer    float64 // from here on a document answers
	Emergency float64 // ... when someone may be in danger
	Clarify   float64 // from here on a document is worth asking back about
	Close     float64 // share of the best confidence from which a rival stands close
	Detail    float64 // by how much a passage must fit better than the short answer to be quoted instead
	Prepared  float64 // likeness to one of the document's questions from which its short answer fits; below, passages are quoted
}{Answer: 0.84, Emergency: 0.02, Clarify: 0.5, Close: 0.85, Detail: 1.3, Prepared: 0.15}
