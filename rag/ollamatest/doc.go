// Package ollamatest tests the model's side of rag against a real Ollama server, with tiny models that it makes itself. It runs only
// where JEMBE_OLLAMA names the server's program: `make test-ollama` builds one. Nothing here is used by the product.
package ollamatest
