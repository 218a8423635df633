package advisory

// weights are the logistic regression's, fitted by `jembe eval calibrate` on cmd/jembe/testdata/questions.tsv.
var weights = [FeatureCount]float64{
	featBias:     -2.96,
	featWords:    0.09,
	featCoverage: -0.17,
	featQuestion: 1.68,
	featVector:   4.35,
	featNamed:    1.34,
	featUnnamed:  -1.19,
	featSubject:  2.76,
	featTopic:    1.09,
	featOffTopic: -1.75,
	featAbsent:   0.81,
	featSymptom:  1.41,
	featAgrees:   0.27,
	featNoCrop:   -1.32,
	featGeneric:  -0.72,
	featLead:     7.11,
	featForeign:  -0.67,
}

// thresholds are confidences, chosen on the curve that `jembe eval answers --curve` prints.
var thresholds = struct {
	Answer    float64 // from here on a document answers
	Emergency float64 // ... when someone may be in danger
	Clarify   float64 // from here on a document is worth asking back about
	Close     float64 // share of the best confidence from which a rival stands close
	Prepared  float64 // likeness to one of the document's questions from which its short answer fits; below, passages are quoted
}{Answer: 0.6, Emergency: 0.1, Clarify: 0.5, Close: 0.9, Prepared: 0.2}
