package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"

	"jembe/advisory"
	"jembe/content"
	"jembe/rag"
)

func main() {
	lib := content.NewShelf("/tmp/none").Load()
	var texts []string
	for _, d := range lib.Documents {
		texts = append(texts, d.Title, d.Answer)
		texts = append(texts, d.Questions...)
		for _, s := range d.Sections {
			texts = append(texts, s.Text)
		}
	}
	lex := advisory.NewLexicon(lib.Concepts, texts...)
	ix, _ := rag.Open(context.Background(), lib.Documents, lex, rag.Options{Cache: "/tmp/scratchcache"})
	for _, f := range os.Args[1:] {
		fh, _ := os.Open(f)
		s := bufio.NewScanner(fh)
		n, top, in := map[string]int{}, map[string]int{}, map[string]int{}
		for s.Scan() {
			p := strings.Split(s.Text(), "\t")
			if len(p) < 3 || p[0] == "-" {
				continue
			}
			u := advisory.Understand(p[2], advisory.Lang(p[1]), lex)
			ms, _ := ix.Retrieve(context.Background(), u.Query())
			for _, k := range []string{"all", p[1]} {
				n[k]++
				for i, m := range ms {
					if m.Document.ID == p[0] {
						in[k]++
						if i == 0 {
							top[k]++
						}
					}
				}
			}
		}
		for _, k := range []string{"all", "en", "hi", "sw", "fr"} {
			fmt.Printf("%s top1 %.3f in8 %.3f | ", k, float64(top[k])/float64(n[k]), float64(in[k])/float64(n[k]))
		}
		fmt.Println(f, n["all"])
	}
}
