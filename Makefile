# The two commands of the README need no make. These are longer jobs.

.PHONY: test race fuzz chaos e2e acme lint cross bench lab figures siege siege-long soak module \
	columns prose deadcode

test:
	go test ./...

# Gives the module the path under which you publish it, everywhere: make module MODULE=github.com/you/pong
module:
	go run ./internal/rename $(MODULE)

race:
	go test -race -shuffle=on -timeout 60m ./...

# Every fuzz target for a while: make fuzz FUZZTIME=10m
FUZZTIME ?= 20s
fuzz:
	.ci/fuzz $(FUZZTIME)

# Every bad network, outage, kill and change of address: about a quarter of an hour. .ci/chaos is the short form.
chaos:
	.ci/chaos long

# A real window under Xvfb and a real terminal in tmux, with real keys.
e2e:
	go test -tags e2e -run '^TestScreen' -count 1 ./cmd/pong

# A certificate from a test authority on loopback, and its renewal: about a minute.
acme:
	.ci/acme

lint:
	gofmt -l . | (! grep .)
	go vet ./...
	go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...
	go run ./internal/lint subjects

# Lines over 120 columns; sentences that begin with a bare who, what or that; functions that nothing calls.
columns prose deadcode:
	go run ./internal/lint $@

cross:
	@set -e; for t in linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64 js/wasm; do \
		echo $$t; CGO_ENABLED=0 GOOS=$${t%/*} GOARCH=$${t#*/} go build -o /dev/null ./...; \
	done

# The laboratory, whole: about four minutes on two cores. It fails while a target is missed, and names it.
lab:
	go run ./cmd/pong lab --seeds 8 --minutes 10 --baseline --html lab.html --json lab.json --check

# docs/figures.md anew.
figures:
	go run ./cmd/pong lab --seeds 8 --minutes 10 --baseline --markdown docs/figures.md >/dev/null

bench:
	go test -run '^$$' -bench . -benchmem ./...

# Attacks on the real server, measured: two minutes, as the gate runs them; then half an hour (docs/reliability.md); then
# ten minutes of sessions that come and go. They want root, iproute2, nftables and conntrack for network namespaces.
siege:
	.ci/siege

siege-long:
	SIEGE=long go test -tags siege -count 1 -v -timeout 2h -skip '^TestChaos' ./internal/siege

soak:
	SIEGE=long go test -tags siege -count 1 -v -timeout 30m -run '^TestSoak$$' ./internal/siege

# What the product does not depend on is a module of its own: see bench/README.md. All on loopback, and it ends by itself.
.PHONY: bench-floor bench-load bench-instructions bench-peers
bench-floor:
	mkdir -p bin
	gcc -O2 -Wall -Wextra -Werror -o bin/floor bench/floor/floor.c

# How many matches a core holds, against the floor: under ten minutes, and best on a machine with nothing else to do.
bench-load: bench-floor
	go build -o bin/pong ./cmd/pong
	cd bench && go run ./load -pong ../bin/pong -floor ../bin/floor

# User-space instructions of a match-second, by callgrind (Debian's valgrind): the same on a busy machine.
bench-instructions:
	bench/instructions

# Echoes of 40 bytes through Pong's sessions and through its peers.
bench-peers:
	cd bench && go run ./peers
