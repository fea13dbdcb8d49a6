# The README's two commands need no make. These are for longer work. docs/reliability.md and docs/performance.md say how
# long the long ones take.

.PHONY: test race fuzz module
test:
	go test ./...

# The race detector finds nothing in a package that starts no goroutine, which TestArchitecture checks, and slows the
# worlds down tenfold. Their tests run without it.
race:
	go test -race -shuffle=on -timeout 60m $$(go list ./... | grep -v -e /internal/game$$ -e /internal/world$$)

# Every fuzz target for a while: make fuzz FUZZTIME=10m
FUZZTIME ?= 20s
fuzz:
	.ci/fuzz $(FUZZTIME)

# Gives the module the path under which you publish it, in every file: make module MODULE=github.com/you/pong
module:
	go run ./internal/rename $(MODULE)

.PHONY: lint subjects columns prose deadcode cross
lint:
	gofmt -l . | (! grep .)
	go vet ./...
	go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...
	go run ./internal/lint subjects columns prose deadcode

# Single checks of make lint: subjects of commits over 72 characters; lines over 120 columns; sentences that begin with
# a bare who, what or that; functions that nothing calls.
subjects columns prose deadcode:
	go run ./internal/lint $@

# Known vulnerabilities in the modules that the program uses. It needs the database of the Go project, or a copy.
.PHONY: vulncheck
vulncheck:
	.ci/vulncheck

# Builds for every system that is supported, and vets the tests for Windows.
cross:
	@set -e; for t in linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64 js/wasm; do \
		echo $$t; CGO_ENABLED=0 GOOS=$${t%/*} GOARCH=$${t#*/} go build -o /dev/null ./...; \
	done
	CGO_ENABLED=0 GOOS=windows go vet ./...

# Thousands of random histories of faults, in virtual time: make histories HISTORIES=10000 SEED=1
.PHONY: histories
HISTORIES ?= 3000
SEED ?= 1
histories:
	go test ./internal/server -run '^TestHistory' -count 1 -timeout 2h -histories $(HISTORIES) -seed $(SEED)

# Thousands of games over bad networks, each recorded, parsed and compared: make recordings RECORDINGS=1000
.PHONY: recordings
RECORDINGS ?= 1000
recordings:
	go test ./internal/world -run '^TestRecording' -count 1 -timeout 1h -v -recordings $(RECORDINGS)

# The manual pages, and the completions for bash, zsh, fish and PowerShell, in bin/manual.
.PHONY: man
man:
	go run -ldflags "-X main.committed=$$(git log -1 --format=%cI)" ./cmd/pong manual bin/manual

# A release in dist/, without publishing it, and twice in two clones; the container image in bin/image.tar. See
# docs/releasing.md. They first build the tools.
.PHONY: release reproducible image packages portable
release:
	.ci/release

reproducible:
	.ci/reproducible

image:
	.ci/image

# The Debian packages: built, checked, installed, used and removed, as the gate does. It needs root.
packages:
	.ci/packages

# The same game on arm64, s390x and riscv64, under qemu. The gate runs the short form.
portable:
	.ci/portable

.PHONY: lab figures bench
# The whole laboratory, as a page to show. It fails if a target is missed, and names it.
lab:
	go run ./cmd/pong lab --seeds 8 --minutes 10 --baseline --html lab.html --json lab.json --check

# Generates docs/figures.md.
figures:
	go run ./cmd/pong lab --seeds 8 --minutes 10 --baseline --markdown docs/figures.md >/dev/null

bench:
	go test -run '^$$' -bench . -benchmem ./...

.PHONY: wasm web web-long
# The program of the page, in internal/web/assets. Run it after a change of the client, and commit the result once.
wasm:
	go run ./internal/wasm

# The page in real browsers, Debian's chromium and firefox-esr.
web:
	.ci/web

# A page that plays for as long as WEB_LONG says, and its cost for the server beside native players.
WEB_LONG ?= 30m
web-long:
	WEB_LONG=$(WEB_LONG) go test -tags browser -count 1 -v -timeout 2h -run '^TestLong_' ./internal/browser

.PHONY: e2e windows acme siege siege-long soak chaos everyday nat cluster
# A real window under Xvfb and a real terminal in tmux, with real keys.
e2e:
	go test -tags e2e -run '^TestScreen' -count 1 ./cmd/pong

# The tests of every package and the program itself, built for Windows, under Wine. See docs/windows.md.
windows:
	.ci/windows

# Gets and renews a certificate from a test authority on loopback.
acme:
	.ci/acme

# Attacks on the real server: the short form, as the gate runs it, the long form, and sessions that come and go. They
# need root, iproute2, nftables and conntrack to make network namespaces.
siege:
	.ci/siege

siege-long:
	SIEGE=long go test -tags siege -count 1 -v -timeout 2h -skip '^Test(Chaos|NAT)' ./internal/siege

soak:
	SIEGE=long go test -tags siege -count 1 -v -timeout 30m -run '^TestSoak$$' ./internal/siege

# Three servers of a cluster on this machine, with two bots at a round trip of 50 ms: kill -9, SIGTERM, STOP and CONT.
# It prints how long the players were without a STATE, and how often they saw a pause.
cluster:
	go test ./internal/cluster -count 1 -run NeverTwo -timeout 30m -v -args -seeds 2000
	go test -tags siege,cluster -count 1 -v -timeout 30m -run '^TestCluster_Table$$' ./internal/siege

# Every bad network, outage, kill and change of address. The gate runs the short form, .ci/chaos.
chaos:
	.ci/chaos long

# Firewalls, dead addresses, logs that nobody reads, closed terminals. The gate runs the short form within .ci/siege.
everyday:
	.ci/everyday long

# A real gateway that opens ports, Debian's miniupnpd.
nat:
	.ci/nat

# Benchmarks against other programs, in a module of their own: see bench/README.md. They use loopback only.
.PHONY: bench-floor bench-load bench-instructions bench-peers
bench-floor:
	mkdir -p bin
	gcc -O2 -Wall -Wextra -Werror -o bin/floor bench/floor/floor.c

# How many matches a core plays, compared with the floor. Run it on a machine with nothing else to do.
bench-load: bench-floor
	go build -o bin/pong ./cmd/pong
	cd bench && go run ./load -pong ../bin/pong -floor ../bin/floor

# User-space instructions of a match-second, counted by callgrind (Debian's valgrind), also on a busy machine.
bench-instructions:
	bench/instructions

# Echoes of 40 bytes through Pong's sessions and through those of other libraries.
bench-peers:
	cd bench && go run ./peers
