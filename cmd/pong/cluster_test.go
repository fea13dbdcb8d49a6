package main

import (
	"strings"
	"testing"
)

func TestClusterFlags_RefuseWhatMakesNoCluster(t *testing.T) {
	for _, test := range []struct{ flags, want string }{
		{"--cluster-listen 127.0.0.1:0", "--cluster-listen needs --cluster NAME"},
		{"--nats nats://localhost", "--nats needs --cluster NAME"},
		{"--cluster a.b --cluster-listen 127.0.0.1:0", "must be letters"},
		{"--cluster a", "--cluster needs --cluster-listen"},
		{"--cluster a --cluster-listen 127.0.0.1:0", "a cluster of 1"},
		{"--cluster a --cluster-listen :6222 --cluster-peers b:6222", "must be HOST:PORT"},
		{"--cluster a --cluster-listen 127.0.0.1:0 --cluster-peers b", "must be HOST:PORT"},
		{"--cluster a --cluster-listen 0.0.0.0:6222 --cluster-peers b:6222", "--cluster-secret FILE is needed"},
		{"--cluster a --cluster-listen 127.0.0.1:0 --cluster-peers b:1,c:1 --cluster-size 2", "must be at least 3"},
		{"--cluster a --cluster-listen 127.0.0.1:0 --cluster-peers b:1 --cluster-lease 1ms", "from 100ms to 5s"},
		{"--cluster a --nats nats://localhost", "--nats needs --cluster-size"},
		{"--cluster a --nats nats://localhost --cluster-size 2 --nats-cert f", "belong together"},
		{"--cluster a --nats nats://localhost --cluster-size 2 --cluster-peers b:1", "leave these out"},
	} {
		cmd := newServe()
		cmd.SetArgs(strings.Fields(test.flags))
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		if err := cmd.Execute(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("pong serve %s: %v, want an error with %q", test.flags, err, test.want)
		}
	}
}
