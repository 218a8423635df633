# Two commands matter: `make run` sets everything up and starts the box, `make test` runs every test once.
GO       ?= go
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS   = -s -w -X main.version=$(VERSION)
PACKAGES ?= ./...
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.7.0
GOTESTSUM   = gotest.tools/gotestsum@v1.13.0
LISTEN   ?= 127.0.0.1:8080
HUB_LISTEN ?= 0.0.0.0:8443
DATA     ?= ../shared/data

.PHONY: run hub setup build test race test-ollama check fmt vet staticcheck imports clean-tree bench bench-line eval spoken redteam record kiosk calibrate guard fuzz faults release

run: setup build ## set up, build, and serve the farmer's page on http://localhost:8080
	bin/jembe serve --listen $(LISTEN)

hub: build ## build and serve the office's hub on HUB_LISTEN, with a SQLite file in its data directory
	bin/jembe-hub serve --listen $(HUB_LISTEN)

setup: ## install the Debian packages that let the box hear and speak; without root or network it only says what is missing
	@packaging/setup.sh

build: ## bin/jembe and bin/jembe-hub
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/ ./cmd/...

test: ## every test once, in random order, with the race detector; the whole program and the content are under it with make race
	$(GO) run $(GOTESTSUM) --format pkgname -- -race -shuffle=on -timeout 55m $$($(GO) list $(PACKAGES) | grep -vx -e jembe/cmd/jembe -e jembe/content)
	$(GO) run $(GOTESTSUM) --format pkgname -- -shuffle=on -timeout 55m ./content ./cmd/jembe

race: ## the whole program and the content under the race detector: most of an hour on two cores
	$(GO) test -race -timeout 55m ./content ./cmd/jembe

test-ollama: ## the model's side against a real Ollama server, with tiny models made on the spot; builds the server once, some minutes
	server=$$(GO='$(GO)' rag/ollamatest/build.sh) && JEMBE_OLLAMA=$$server $(GO) test -count=1 -v ./rag/ollamatest

check: fmt vet staticcheck imports test clean-tree ## all that must hold before a change lands

fmt:
	@test -z "$$(gofmt -l .)" || { gofmt -l . ; echo 'run gofmt -w on these files'; exit 1; }

vet:
	$(GO) vet ./...

staticcheck:
	$(GO) run $(STATICCHECK) ./...

imports: ## who may import whom
	$(GO) test -count=1 -run TestImports ./cmd/jembe

clean-tree: ## neither the build nor the tests may change what is in git
	git diff --exit-code

bench: ## speed and memory on one core with 10,000 passages, beside FTS5, chromem-go and bleve
	GOMAXPROCS=1 $(GO) test -run '^$$' -bench . -benchtime 200x -timeout 60m ./advisory ./rag ./voice ./edge/... ./cmd/jembe

eval: build ## every evaluation: our own questions, and the retrieval sets under DATA when they are there
	bin/jembe eval answers cmd/jembe/testdata/questions.tsv
	bin/jembe eval answers cmd/jembe/testdata/out_of_scope.tsv
	@for set in $(DATA)/retrieval/*/; do test -f $$set/qrels.tsv && bin/jembe eval retrieval $$set; done; true

spoken: ## the long form of the spoken round trip: 40 questions in 3 voices, and people who ask nothing about a farm
	$(GO) test ./cmd/jembe -run 'Spoken|OtherTalk' -full -v -timeout 60m

redteam: ## every attack of the red team in questions, packs and models' drafts, and what held each; make test runs a tenth
	$(GO) test ./cmd/jembe -run RedTeam -full -v

record: ## a hundred readings in silence and noise, trimmed and levelled, held against where they lie and ffmpeg's meter
	$(GO) test ./voice -run TestTakes -full -v -timeout 60m

kiosk: ## a thousand people one after another at the kiosk, with the noise of keys and pulled devices; and one who reads nothing
	$(GO) test ./cmd/jembe -run 'TestKioskSessions|AtTheKiosk' -full -v -timeout 60m

calibrate: build ## show the curve of evidence by cross-validation on our own questions, and fit its weights
	bin/jembe eval calibrate cmd/jembe/testdata/questions.tsv --write advisory/weights.json

guard: ## the long form of what a model may do to a faithful draft, and of paraphrases
	$(GO) test ./cmd/jembe -run 'TestCorruptions|TestParaphrases' -full -v -timeout 60m

faults: ## 1,000 schedules of faults on SQLite and 300 on PostgreSQL, kills and power cuts (as root), attacks: what was lost, doubled, out of order
	$(GO) test ./edge -run TestFaults -full -v -timeout 60m
	$(GO) test ./edge/hub -run 'Attacks|Replayed|SpoilsNo' -v -timeout 20m

bench-line: ## bytes of an event and a contact, what a reset costs, a month drained over a slow link, 500 boxes back at once
	$(GO) test ./cmd/jembe -run TestBenchLine -full -v -timeout 30m
	$(GO) test ./edge -run TestResumingCostsLittle -v
	$(GO) test ./edge/hub -run TestBenchLine -full -v -timeout 30m

FUZZTIME ?= 30s
fuzz: ## every fuzz test for FUZZTIME
	@for f in $$(grep -rl --include='*_test.go' '^func Fuzz' .); do \
		for name in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9]*\).*/\1/p' $$f); do \
			$(GO) test $$(dirname $$f) -run '^$$' -fuzz "^$$name$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x || exit 1; \
		done; done

release: ## static binaries without cgo for the boxes there are
	@mkdir -p dist
	CGO_ENABLED=0 GOOS=linux GOARCH=amd64 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o dist/jembe-linux-amd64 ./cmd/jembe
	CGO_ENABLED=0 GOOS=linux GOARCH=arm64 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o dist/jembe-linux-arm64 ./cmd/jembe
	CGO_ENABLED=0 GOOS=linux GOARCH=arm GOARM=7 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o dist/jembe-linux-armv7 ./cmd/jembe
	cd dist && sha256sum jembe-linux-* > SHA256SUMS
