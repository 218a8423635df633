package rag

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"testing"

	"jembe/advisory"
)

// childCache is set for a process that only measures itself; it names the cache to open.
const childCache = "JEMBE_BENCH_CACHE"

// BenchmarkMemory tells what the index holds on the heap, the library's text left out, and the memory of a process that only opens it
// from the cache and answers: the resident set at the end, and the most it ever was (both from Linux's /proc).
func BenchmarkMemory(b *testing.B) {
	docs := generated(benchPassages)
	if dir := os.Getenv(childCache); dir != "" {
		measureProcess(b, docs, dir)
		return
	}
	dir := b.TempDir()
	open(b, docs, Options{Cache: dir})
	before := heap()
	ix := open(b, docs, Options{Cache: dir})
	b.ReportMetric(float64(heap()-before)/(1<<20), "index-MiB")
	runtime.KeepAlive(ix)
	runtime.KeepAlive(docs)
	b.ReportMetric(0, "ns/op")
	child := exec.Command(os.Args[0], "-test.run", "^$", "-test.bench", "^BenchmarkMemory$", "-test.benchtime", "1x")
	child.Env = append(os.Environ(), childCache+"="+dir)
	out, err := child.CombinedOutput()
	if err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	for _, m := range regexp.MustCompile(`Vm(RSS|HWM):\s+(\d+) kB`).FindAllStringSubmatch(string(out), -1) {
		kib, err := strconv.Atoi(m[2])
		check(b, err)
		b.ReportMetric(float64(kib)/1024, m[1]+"-MiB")
	}
}

// measureProcess opens, answers, and prints the kernel's figures of this process.
func measureProcess(b *testing.B, docs []*advisory.Document, dir string) {
	ix := open(b, docs, Options{Cache: dir})
	for _, question := range newGenerator().questions(200) {
		_, err := ix.Retrieve(context.Background(), advisory.Query{Text: question, Lang: "en", Limit: 8})
		check(b, err)
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip("the memory of a process is read from /proc, which only Linux has")
	}
	fmt.Printf("%s\n", status)
}

// heap gives the bytes that are in use.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
