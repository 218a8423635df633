package advisory

// weights are the logistic regression's, fitted by `jembe eval calibrate` on cmd/jembe/testdata/questions.tsv.
var weights = [FeatureCount]float64{
	featBias:     -3.33,
	featWords:    1.47,
	featCoverage: 0.43,
	featQuestion: 2.37,
	featVector:   3.66,
	featNamed:    0.85,
	featUnnamed:  -1.49,
	featSubject:  1.83,
	featTopic:    0.57,
	featOffTopic: -1.13,
	featSymptom:  1.12,
	featAgrees:   -0.12,
	featNoCrop:   -1.33,
	featGeneric:  -0.65,
	featLead:     6.11,
	featBareLead: 3.67,
	featForeign:  -0.61,
}

// thresholds are confidences, chosen on the curve that `jembe eval answers --curve` prints.
var thresholds = struct {
	Answer    float64 // from here on a document answers
	Emergency float64 // ... when someone may be in danger
	Clarify   float64 // from here on a document is worth asking back about
	Close     float64 // share of the best confidence from which a rival stands close
	Detail    float64 // by how much a passage must fit better than the short answer to be quoted instead
	Prepared  float64 // likeness to one of the document's questions from which its short answer fits; below, passages are quoted
}{Answer: 0.62, Emergency: 0.1, Clarify: 0.5, Close: 0.9, Detail: 1.3, Prepared: 0.15}
