package client

import (
	"fmt"
	"strings"
)

// techniques are the techniques that Settings switch, by name, in the order in which they are explained.
var techniques = []struct {
	name string
	off  func(*Settings) *bool
}{
	{"prediction", func(s *Settings) *bool { return &s.NoPrediction }},
	{"reconciliation", func(s *Settings) *bool { return &s.NoReconciliation }},
	{"redundancy", func(s *Settings) *bool { return &s.NoRedundancy }},
	{"timing", func(s *Settings) *bool { return &s.NoTiming }},
	{"in-flight", func(s *Settings) *bool { return &s.NoInFlight }},
	{"smoothing", func(s *Settings) *bool { return &s.NoSmoothing }},
	{"exactness", func(s *Settings) *bool { return &s.NoExactness }},
	{"ahead", func(s *Settings) *bool { return &s.NoAhead }},
}

// Techniques returns the names of the techniques that can be switched off.
func Techniques() []string {
	var names []string
	for _, t := range techniques {
		names = append(names, t.name)
	}
	return names
}

// Technique returns the field of settings that switches a technique off, nil if there is no such technique.
func Technique(s *Settings, name string) (off *bool) {
	for _, t := range techniques {
		if t.name == name {
			return t.off(s)
		}
	}
	return nil
}

// Without switches the techniques of a list off, whose names are separated by commas. An empty list changes nothing.
func (s Settings) Without(list string) (Settings, error) {
	if list == "" {
		return s, nil
	}
	for _, name := range strings.Split(list, ",") {
		found := false
		for _, t := range techniques {
			if t.name == strings.TrimSpace(name) {
				*t.off(&s), found = true, true
			}
		}
		if !found {
			return s, fmt.Errorf("unknown technique %q: choose some of %s", name, strings.Join(Techniques(), ", "))
		}
	}
	return s, nil
}
