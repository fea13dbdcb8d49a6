package lab

import (
	"strings"
	"testing"
)

func TestWords_ExplainEveryNetworkAndView(t *testing.T) {
	for _, p := range Profiles() {
		if likenesses[p.Name] == "" {
			t.Errorf("%s has no explanation in plain words", p.Name)
		}
	}
	for _, name := range variantNames {
		if viewWords[name] == "" {
			t.Errorf("the view %s has no explanation in plain words", name)
		}
	}
}

func TestWords_OfNetworks(t *testing.T) {
	for name, want := range map[string]string{
		"L4":  "100 ms there and back, each way ±6 ms, 5 % lost, 2 in a row.",
		"L3":  "8 % stall for up to 80 ms",
		"L9":  "140 ms there, 10 ms back",
		"L11": "64 kbit/s, a queue of 300 ms",
		"L14": "Right: 250 ms there and back",
	} {
		if got := networkWords(name); !strings.Contains(got, want) {
			t.Errorf("%s is explained as %q, want in it %q", name, got, want)
		}
	}
	if got := networkWords("L99"); got != "" {
		t.Errorf("an unknown network is explained as %q", got)
	}
}

func TestWords_Counted(t *testing.T) {
	for want, got := range map[string]string{"1 seed": counted(1, "seed"), "2 seeds": counted(2, "seed"),
		"8 matches": counted(8, "match"), "1 match": counted(1, "match")} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
