package advisory

// weights are the logistic regression's, fitted by `jembe eval calibrate` on cmd/jembe/testdata/questions.tsv.
var weights = [FeatureCount]float64{
	featBias:     -3.66,
	featWords:    1.58,
	featCoverage: 0.09,
	featQuestion: 2.46,
	featVector:   3.97,
	featNamed:    0.93,
	featUnnamed:  -1.63,
	featSubject:  1.73,
	featTopic:    0.45,
	featOffTopic: -1.08,
	featSymptom:  0.94,
	featAgrees:   -0.10,
	featNoCrop:   -1.27,
	featGeneric:  -0.60,
	featLead:     7.10,
	featBareLead: 3.79,
	featForeign:  -0.47,
}

// thresholds are confidences, chosen on the curve that `jembe eval answers --curve` prints.
var thresholds = struct {
	Answer    float64 // from here on a document answers
	Emergency float64 // ... when someone may be in danger
	Clarify   float64 // from here on a document is worth asking back about
	Close     float64 // share of the best confidence from which a rival stands close
	Detail    float64 // by how much a passage must fit better than the short answer to be quoted instead
	Prepared  float64 // likeness to one of the document's questions from which its short answer fits; below, passages are quoted
}{Answer: 0.56, Emergency: 0.02, Clarify: 0.5, Close: 0.9, Detail: 1.3, Prepared: 0.15}
