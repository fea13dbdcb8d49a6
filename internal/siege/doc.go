// Package siege attacks the real server over real sockets and measures what the players notice. It holds no code but
// tests, and those only with the build tag siege:
//
//	go test -tags siege -count 1 -v ./internal/siege        the short form, of two minutes: make siege
//	SIEGE=long go test -tags siege -timeout 2h -v ...       the long form: make siege-long, make soak
//
// The server is the binary that this source makes. Players are the client's real Session with a bot's hand; the shell
// around it is this package's, so that every round trip and packet number can be seen. Attackers are processes of their
// own. All traffic stays on the loopback interface or in network namespaces that a test has made and removes, every load
// is bounded in number and time, and only processes that the test has started are ended.
//
// Each figure is a line on standard output, from which docs/reliability.md is written:
//
//	figure NAME value unit (reach R)
//
// with " MISSED" behind it where the value is not within reach. What must hold on any machine (nothing forged accepted,
// nothing sent to strangers, nothing leaked) fails the test; what depends on the machine's speed is printed.
package siege
