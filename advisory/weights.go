package advisory

// weights are the logistic regression's, fitted by `jembe eval calibrate` on cmd/jembe/testdata/questions.tsv.
var weights = [FeatureCount]float64{
	featBias:     -6,
	featWords:    3,
	featCoverage: 3,
	featQuestion: 5,
	featVector:   1,
	featNamed:    2,
	featUnnamed:  -2,
	featTopic:    1,
	featOffTopic: -1,
	featSymptom:  0.5,
	featAgrees:   1,
	featNoCrop:   -0.5,
	featLead:     1,
}

// thresholds are confidences, chosen on the curve that `jembe eval answers --curve` prints.
var thresholds = struct {
	Answer    float64 // from here on a document answers
	Emergency float64 // ... when someone may be in danger
	Clarify   float64 // from here on a document is worth asking back about
	Close     float64 // share of the best confidence from which a rival stands close
	Prepared  float64 // likeness to one of the document's questions from which its short answer fits; below, passages are quoted
}{Answer: 0.5, Emergency: 0.1, Clarify: 0.35, Close: 0.8, Prepared: 0.2}
