package advisory

// weights are the logistic regression's, fitted by `jembe eval calibrate` on cmd/jembe/testdata/questions.tsv.
var weights = [FeatureCount]float64{
	featBias:     -3.40,
	featWords:    1.20,
	featCoverage: 0.00,
	featQuestion: 2.19,
	featVector:   3.29,
	featNamed:    0.35,
	featUnnamed:  -1.47,
	featSubject:  2.16,
	featTopic:    0.70,
	featOffTopic: -1.10,
	featSymptom:  1.24,
	featAgrees:   0.19,
	featNoCrop:   -1.46,
	featGeneric:  -0.41,
	featLead:     7.58,
	featForeign:  -0.38,
}

// thresholds are confidences, chosen on the curve that `jembe eval answers --curve` prints.
var thresholds = struct {
	Answer    float64 // from here on a document answers
	Emergency float64 // ... when someone may be in danger
	Clarify   float64 // from here on a document is worth asking back about
	Close     float64 // share of the best confidence from which a rival stands close
	Prepared  float64 // likeness to one of the document's questions from which its short answer fits; below, passages are quoted
}{Answer: 0.6, Emergency: 0.1, Clarify: 0.5, Close: 0.9, Prepared: 0.2}
