// Package siege attacks the real server over real sockets and measures what the players notice. It contains only
// tests, with the build tag siege:
//
//	go test -tags siege -count 1 -v ./internal/siege        the short form, two minutes: make siege
//	SIEGE=long go test -tags siege -timeout 2h -v ...       the long form: make siege-long, make soak
//
// The tests with Chaos in their names run alone, as .ci/chaos, those with NAT as .ci/nat, and those with Everyday also
// as .ci/everyday.
//
// The server is the binary that this source builds. A player is the client's real Session, played by a bot; the shell
// around it belongs to this package, so that every round trip and packet number can be observed. Attackers are
// processes of their own. All traffic stays on the loopback interface, or in network namespaces that a test creates
// and removes. Every load is limited in number and time, and only processes that a test has started are ended.
//
// Each figure is a line on standard output, from which docs/reliability.md is written:
//
//	figure NAME value unit (target T)
//
// followed by " MISSED" if the value misses its target. A requirement that must hold on every machine (nothing forged
// accepted, nothing sent to strangers, nothing leaked) fails the test; a value that depends on the machine's speed is
// only printed.
package siege
