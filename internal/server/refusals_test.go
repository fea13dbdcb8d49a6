package server

import "testing"

func TestRefusals_AreCountedUntilTaken(t *testing.T) {
	r := newRefusals()
	r.count("tls")
	r.count("tls")
	r.count("full")
	if got := r.take(); len(got) != 2 || got["tls"] != 2 || got["full"] != 1 {
		t.Errorf("take() = %v, want 2 tls and 1 full", got)
	}
	if got := r.take(); len(got) != 0 {
		t.Errorf("a second take() = %v, want none", got)
	}
	if got := r.sinceStart(); len(got) != 2 || got["tls"] != 2 || got["full"] != 1 {
		t.Errorf("sinceStart() = %v, want 2 tls and 1 full", got)
	}
}
