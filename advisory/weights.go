package advisory

// weights are the logistic regression's, fitted by `jembe eval calibrate` on cmd/jembe/testdata/questions.tsv.
var weights = [FeatureCount]float64{
	featBias:     -3.04,
	featWords:    1.08,
	featCoverage: 0.27,
	featQuestion: 2.39,
	featVector:   3.68,
	featNamed:    0.80,
	featUnnamed:  -1.48,
	featSubject:  1.83,
	featTopic:    0.56,
	featOffTopic: -1.23,
	featSymptom:  1.15,
	featAgrees:   -0.08,
	featNoCrop:   -1.43,
	featGeneric:  -0.73,
	featLead:     6.27,
	featBareLead: 3.68,
	featForeign:  -0.68,
}

// thresholds are confidences, chosen on the curve that `jembe eval answers --curve` prints.
var thresholds = struct {
	Answer    float64 // from here on a document answers
	Emergency float64 // ... when someone may be in danger
	Clarify   float64 // from here on a document is worth asking back about
	Close     float64 // share of the best confidence from which a rival stands close
	Detail    float64 // by how much a passage must fit better than the short answer to be quoted instead
	Prepared  float64 // likeness to one of the document's questions from which its short answer fits; below, passages are quoted
}{Answer: 0.6, Emergency: 0.1, Clarify: 0.5, Close: 0.9, Detail: 1.3, Prepared: 0.15}
