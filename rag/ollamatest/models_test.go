package ollamatest

import (
	"fmt"
	"strings"
)

const (
	width  = 64 // of a token's vector
	heads  = 4
	hidden = 64
)

// The kinds of tokens.
const (
	plainToken   = 1
	unknownToken = 2
	controlToken = 3
	byteToken    = 6
)

// vocabulary is the tokens of a model.
type vocabulary struct {
	texts  []string
	kinds  []int32
	scores []float32
	at     map[string]int
}

func (v *vocabulary) add(text string, kind int32, score float32) int {
	if v.at == nil {
		v.at = map[string]int{}
	}
	if i, ok := v.at[text]; ok {
		return i
	}
	v.at[text] = len(v.texts)
	v.texts, v.kinds, v.scores = append(v.texts, text), append(v.kinds, kind), append(v.scores, score)
	return v.at[text]
}

// describe writes the vocabulary, and the shape of a model of one layer.
func (v *vocabulary) describe(g *gguf, family, tokeniser string, context int) {
	g.set("general.architecture", family)
	g.set("general.alignment", alignment)
	g.set("general.file_type", 0)
	g.set(family+".block_count", 1)
	g.set(family+".context_length", context)
	g.set(family+".embedding_length", width)
	g.set(family+".feed_forward_length", hidden)
	g.set(family+".attention.head_count", heads)
	g.set("tokenizer.ggml.model", tokeniser)
	g.set("tokenizer.ggml.tokens", v.texts)
	g.set("tokenizer.ggml.token_type", v.kinds)
	g.set("tokenizer.ggml.scores", v.scores)
}

// cue is the token after which a reciter recites.
const cue = "<|cue|>"

// reciter makes a llama that says one token after the other whatever it was asked, and ends; or, where the last is one that was
// said before, goes on from there for ever. It has learnt nothing: the row of each token in the output is the vector of the token
// before it, and attention adds nothing.
func reciter(tokens ...string) []byte {
	var v vocabulary
	v.add("<unk>", unknownToken, 0)
	v.add("<s>", controlToken, 0)
	end := v.add("</s>", controlToken, 0)
	from := v.add(cue, controlToken, 0)
	for i := range 256 { // so that any text can be read
		v.add(fmt.Sprintf("<0x%02X>", i), byteToken, -1000)
	}
	follows := map[int]int{}
	for _, text := range tokens {
		to := v.add(strings.ReplaceAll(text, " ", "▁"), plainToken, -1)
		follows[from], from = to, to
	}
	if _, again := follows[from]; !again {
		follows[from] = end
	}
	g := &gguf{}
	v.describe(g, "llama", "llama", 4096)
	g.set("llama.attention.head_count_kv", heads)
	g.set("llama.rope.dimension_count", width/heads)
	g.set("llama.attention.layer_norm_rms_epsilon", float32(1e-5))
	g.set("llama.vocab_size", len(v.texts))
	g.set("tokenizer.ggml.bos_token_id", 1)
	g.set("tokenizer.ggml.eos_token_id", end)
	g.set("tokenizer.ggml.unknown_token_id", 0)
	g.set("tokenizer.ggml.add_bos_token", true)
	vectors := directions(len(v.texts), width)
	out := make([]float32, len(vectors))
	for from, to := range follows {
		for i := range width {
			out[to*width+i] += 5 * vectors[from*width+i] // far above what chance makes of other tokens
		}
	}
	g.add("token_embd.weight", width, vectors)
	g.add("output_norm.weight", width, all(width, 1))
	g.add("output.weight", width, out)
	addIdleLayer(g)
	return g.bytes()
}

// addIdleLayer adds a layer of a llama that changes nothing.
func addIdleLayer(g *gguf) {
	const layer = "blk.0."
	g.add(layer+"attn_norm.weight", width, all(width, 1))
	g.add(layer+"ffn_norm.weight", width, all(width, 1))
	for _, name := range []string{"attn_q", "attn_k", "attn_v", "attn_output"} {
		g.add(layer+name+".weight", width, all(width*width, 0))
	}
	g.add(layer+"ffn_gate.weight", width, all(width*hidden, 0))
	g.add(layer+"ffn_up.weight", width, all(width*hidden, 0))
	g.add(layer+"ffn_down.weight", hidden, all(hidden*width, 0))
}

// likener makes a BERT whose vector of a text is the mean of those of its words, so that texts with words in common are alike.
func likener(words ...string) []byte {
	var v vocabulary
	for i, name := range []string{"[PAD]", "[UNK]", "[CLS]", "[SEP]"} {
		kind := int32(controlToken)
		if i == 1 {
			kind = unknownToken
		}
		v.add(name, kind, 0)
	}
	for _, w := range words {
		v.add("▁"+w, plainToken, 0)
	}
	g := &gguf{}
	const context = 128
	v.describe(g, "bert", "bert", context)
	g.set("bert.attention.causal", false)
	g.set("bert.attention.layer_norm_epsilon", float32(1e-12))
	g.set("bert.pooling_type", 1) // the mean
	g.set("tokenizer.ggml.token_type_count", 2)
	for i, name := range []string{"padding", "unknown", "cls", "seperator"} { // spelt so in the format
		g.set("tokenizer.ggml."+name+"_token_id", i)
	}
	g.set("tokenizer.ggml.bos_token_id", 2)
	g.set("tokenizer.ggml.eos_token_id", 3)
	g.add("token_embd.weight", width, directions(len(v.texts), width))
	g.add("token_types.weight", width, all(2*width, 0))
	g.add("position_embd.weight", width, all(context*width, 0))
	const layer = "blk.0."
	for _, name := range []string{"token_embd_norm", layer + "attn_output_norm", layer + "layer_output_norm"} {
		g.add(name+".weight", width, all(width, 1))
		g.add(name+".bias", width, all(width, 0))
	}
	for _, name := range []string{"attn_q", "attn_k", "attn_v", "attn_output", "ffn_up", "ffn_down"} { // hidden is as wide as width
		g.add(layer+name+".weight", width, all(width*width, 0))
		g.add(layer+name+".bias", width, all(width, 0))
	}
	return g.bytes()
}
