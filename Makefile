# The two commands of the README need no make. These are longer jobs.

.PHONY: test race fuzz e2e lint cross bench

test:
	go test ./...

race:
	go test -race ./...

# Every fuzz target for a while: make fuzz FUZZTIME=10m
FUZZTIME ?= 20s
fuzz:
	@set -e; for p in $$(go list ./...); do \
		for f in $$(go test -list '^Fuzz' $$p | grep '^Fuzz' || true); do \
			echo "$$p $$f"; go test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) $$p; \
		done; \
	done

# A real window under Xvfb and a real terminal in tmux, with real keys.
e2e:
	go test -tags e2e -run '^TestScreen' -count 1 ./cmd/pong

lint:
	gofmt -l . | (! grep .)
	go vet ./...
	go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...

cross:
	@set -e; for t in linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64 js/wasm; do \
		echo $$t; CGO_ENABLED=0 GOOS=$${t%/*} GOARCH=$${t#*/} go build -o /dev/null ./...; \
	done

bench:
	go test -run '^$$' -bench . -benchmem ./...
