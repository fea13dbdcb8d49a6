// Command rename gives the module another path: the one under which it is published, so that other modules can import
// its library. "make module MODULE=github.com/you/pong" runs it.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: make module MODULE=github.com/you/pong")
		os.Exit(2)
	}
	changed, err := rename(".", os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "rename:", err)
		os.Exit(1)
	}
	fmt.Printf("the module is now named %s; %d files changed\n", os.Args[1], len(changed))
}
