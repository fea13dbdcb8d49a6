package udp

// loopbackAddresses are addresses of this machine: macOS has no other one unless somebody adds it.
var loopbackAddresses = []string{"127.0.0.1"}
