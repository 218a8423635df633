package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// mayImport is the import table of the design: what each room may import of ours, tests apart.
var mayImport = map[string][]string{
	"jembe/advisory":              nil,
	"jembe/advisory/advisorytest": {"jembe/advisory"},
	"jembe/rag":                   {"jembe/content", "jembe/advisory"},
	"jembe/rag/ragtest":           nil, // plays a model server for tests, and knows nothing of us
	"jembe/rag/ollamatest":        nil,
	"jembe/voice":                 {"jembe/content", "jembe/advisory"},
	"jembe/voice/kiosk":           {"jembe/voice", "jembe/content", "jembe/advisory"},
	"jembe/voice/kiosk/kiosktest": nil, // plays keys, sound devices and time for tests, and knows nothing of us
	"jembe/content":               {"jembe/advisory"},
	"jembe/edge/wire":             {"jembe/advisory"},
	"jembe/edge/sqlite":           {"jembe/advisory"},
	"jembe/edge/durable":          {"jembe/advisory"},
	"jembe/edge":                  {"jembe/content", "jembe/advisory", "jembe/edge/wire", "jembe/edge/sqlite", "jembe/edge/durable"},
	"jembe/edge/hub":              {"jembe/content", "jembe/advisory", "jembe/edge/wire", "jembe/edge/sqlite", "jembe/edge/durable"},
	"jembe/edge/hub/pgtest":       nil,                                                    // starts a PostgreSQL for tests, and knows nothing of us
	"jembe/edge/linetest":         {"jembe/content", "jembe/advisory", "jembe/edge/wire"}, // plays a village for tests
	"jembe/edge/browsertest":      nil,                                                    // drives a browser for tests, and knows nothing of us
	"jembe/cmd/terminal":          {"jembe/advisory", "jembe/edge/wire"},                  // what both programs do alike at a terminal
	"jembe/cmd/jembe":             {"jembe/advisory", "jembe/rag", "jembe/voice", "jembe/voice/kiosk", "jembe/content", "jembe/edge", "jembe/edge/wire", "jembe/edge/sqlite", "jembe/edge/durable", "jembe/cmd/terminal"},
	"jembe/cmd/jembe-hub":         {"jembe/advisory", "jembe/content", "jembe/edge/hub", "jembe/edge/wire", "jembe/edge/sqlite", "jembe/edge/durable", "jembe/cmd/terminal"},
}

func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Deps " "}}`, "jembe/...").CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		allowed, known := mayImport[fields[0]]
		if !known {
			t.Errorf("%s is in no row of the import table", fields[0])
		}
		for _, dep := range fields[1:] {
			if strings.HasPrefix(dep, "jembe/") && !slices.Contains(allowed, dep) {
				t.Errorf("%s must not import %s", fields[0], dep)
			}
		}
	}
}
