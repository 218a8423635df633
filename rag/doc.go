// Package rag finds the passages that may answer a question, and quotes them.
//
// It owns the Index, which implements advisory.Retriever: an inverted index of each language (BM25 over words and over character
// n-grams), vectors in memory (chromem-go), the concepts of the lexicon and a word table learnt from the library's own translations,
// fused linearly; embedders, and Vectors, which a model made of the documents elsewhere; Writer and Quote, which implement
// advisory.Generator with a model on an Ollama server and without one; and the evaluation of retrieval.
//
// On disk it owns one file, index.db in the cache directory it is given: vectors and the word table. The file may be deleted at any
// time. An Index never changes once it is open: for other content a new one is opened beside it, so no question waits.
//
// It never embeds a library by itself, never reads a pack, never judges whether a document answers (advisory does), never decides by
// country or zone, and dials nothing but the model server whose address it is given.
package rag
