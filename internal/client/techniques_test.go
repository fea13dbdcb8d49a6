package client

import (
	"reflect"
	"strings"
	"testing"
)

// Every field of Settings that switches a technique has a name, unless it is a part of another technique that only the
// laboratory switches.
func TestTechniques_SwitchOneFieldEach(t *testing.T) {
	all := Settings{}
	for _, name := range Techniques() {
		one, err := Settings{}.Without(name)
		if err != nil || one == (Settings{}) {
			t.Errorf("%s: %+v, %v, want one field to be set", name, one, err)
		}
		set := 0
		for i := range reflect.TypeFor[Settings]().NumField() {
			if f := reflect.ValueOf(one).Field(i); f.Kind() == reflect.Bool && f.Bool() {
				set++
			}
		}
		if set != 1 {
			t.Errorf("%s sets %d fields, want 1", name, set)
		}
		if all, err = all.Without(name); err != nil {
			t.Error(err)
		}
	}
	list, err := Settings{View: ViewInterp}.Without(strings.Join(Techniques(), ", "))
	if all.View = ViewInterp; err != nil || list != all {
		t.Errorf("all at once: %+v, %v, want %+v", list, err, all)
	}
}

func TestTechniques_UnknownNamesAreRefused(t *testing.T) {
	for _, list := range []string{"magic", "prediction,", ",", "prediction timing"} {
		if _, err := (Settings{}).Without(list); err == nil || !strings.Contains(err.Error(), "reconciliation") {
			t.Errorf("%q: %v, want an error that lists the names", list, err)
		}
	}
	if s, err := (Settings{}).Without(""); err != nil || s != (Settings{}) {
		t.Errorf("an empty list: %+v, %v, want no change", s, err)
	}
}
