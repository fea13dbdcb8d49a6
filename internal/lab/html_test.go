package lab

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"html/template"
	"io"
	"regexp"
	"strings"
	"testing"
)

// sampleResult returns a result with everything that a page can show, with invented figures and the given names.
func sampleResult(profile, view, measure Named) Result {
	bound := 1.0
	r := Result{
		Minutes: 0.5, Seeds: 2,
		Profiles: []Named{profile, {Name: "L10", Title: "step"}},
		Views:    []string{view.Name, "interp"},
		Measures: []Named{measure, {Name: "verdicts", Title: "wrong first", Unit: "per 100"}},
	}
	for i, p := range r.Profiles {
		for j, v := range r.Views {
			for _, m := range r.Measures {
				row := Row{Profile: p.Name, View: v, Measure: m.Name, Mean: float64(i) + 900*float64(j), Worst: 950,
					WorstSeed: 2, Seeds: []float64{0.25, 950}}
				if i == 0 {
					row.Target = &Target{Most: &bound}
					row.Samples = distribute([]float64{0.1, 0.6, 0.7, 3.2}, 0.5)
				}
				r.Rows = append(r.Rows, row)
			}
		}
	}
	r.Rallies = []Rally{sampleRally(profile.Name, view.Name)}
	return r
}

func plainResult() Result {
	return sampleResult(Named{Name: "L4", Title: "far"}, Named{Name: "filter"},
		Named{Name: "contradictions", Title: "hits shown, not granted", Unit: "per 100 contacts",
			Definition: "Balls that reached a face."})
}

func written(t testing.TB, r Result) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteHTML(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPage_ShowsEverything(t *testing.T) {
	r := plainResult()
	text := written(t, r)
	for _, want := range []string{
		"L4", "far", "L10", "step", "hits shown, not granted", "wrong first", "Balls that reached a face.", "filter",
		"interp",
		"✓ met", "✗ missed", "≤ 1", "2 seeds", "8 matches of 0.5 virtual minutes", likenesses["L4"],
		viewWords["interp"], "filter on L4, seed 3",
		"2 <small>of 2</small>", "0 <small>of 2</small>", `<b>900</b> <small>950</small>`,
	} {
		if !strings.Contains(text, want) && !strings.Contains(text, template.HTMLEscapeString(want)) {
			t.Errorf("the page does not show %q", want)
		}
	}
	for _, m := range r.Measures {
		if !strings.Contains(text, `aria-label="Bar chart: `+m.Title) ||
			!strings.Contains(text, `aria-label="Histograms of `+m.Title+" on L4") {
			t.Errorf("no charts of %s", m.Title)
		}
	}
}

func TestPage_OfRealMatches(t *testing.T) {
	profiles, err := ParseProfiles("L6,L10")
	if err != nil {
		t.Fatal(err)
	}
	r, err := Config{Profiles: profiles, Variants: []Variant{Filter, Original}, Seeds: 1,
		Minutes: 1}.Measure(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text := written(t, r)
	checkWellFormed(t, text)
	rows := r.index()
	for _, m := range r.Measures {
		if len(measured(&r, rows, r.Profiles, m.Name)) > 0 &&
			!strings.Contains(text, "<h3>"+template.HTMLEscapeString(m.Title)) {
			t.Errorf("the page does not show %q", m.Title)
		}
	}
	if n := strings.Count(text, `class="timeline"`); n != 4 || len(r.Rallies) != 1 {
		t.Errorf("%d time lines of %d rallies, want one rally with all 4 ways of drawing", n, len(r.Rallies))
	}
	if !strings.Contains(text, "too short to judge") || strings.Contains(text, "✗ missed") {
		t.Error("a minute is judged, want all targets too short to judge")
	}
}

func TestPage_IsTheSameTwice(t *testing.T) {
	first, second := written(t, plainResult()), written(t, plainResult())
	if first != second {
		t.Error("the same result gave two different pages")
	}
}

func TestPage_OfNothing(t *testing.T) {
	checkWellFormed(t, written(t, Result{}))
	checkWellFormed(t, written(t, Result{Views: []string{"filter"}, Rallies: []Rally{{}}}))
	r := plainResult()
	r.Rows, r.Rallies[0].Truth, r.Rallies[0].Sides = nil, r.Rallies[0].Truth[:2], [2][]RallyFrame{}
	checkWellFormed(t, written(t, r))
}

func TestPage_Escapes(t *testing.T) {
	evil := `<script>alert("1")</script>&'</style>` + "\u2028-->"
	n := Named{Name: evil + "n", Title: evil + "t", Unit: evil + "u", Definition: evil + "d"}
	text := written(t, sampleResult(n, n, n))
	checkWellFormed(t, text)
	if strings.Contains(text, "<script>alert") {
		t.Error("a name was written as markup")
	}
	if n := strings.Count(text, "<script"); n != 2 {
		t.Errorf("%d scripts, want the page's own and the rally's data", n)
	}
}

func TestPage_LoadsNothing(t *testing.T) {
	text := written(t, plainResult())
	for _, bad := range []string{"http:", "https:", "//", "@import", " src=", "<link", "fetch(", "XMLHttp", "import("} {
		for _, line := range strings.Split(text, "\n") {
			if strings.Contains(line, bad) && !strings.HasPrefix(strings.TrimSpace(line), "// ") &&
				!regexp.MustCompile(`; // [a-z]`).MatchString(line) {
				t.Errorf("the page contains %q: %.120s", bad, line)
			}
		}
	}
	if !strings.Contains(text, `default-src 'none'`) {
		t.Error("no policy forbids the page to load anything")
	}
	for _, m := range regexp.MustCompile(`url\(([^)]*)\)`).FindAllStringSubmatch(text, -1) {
		if !strings.HasPrefix(m[1], "#") || !strings.Contains(text, `id="`+m[1][1:]+`"`) {
			t.Errorf("the style refers to %s, which is not in the page", m[1])
		}
	}
}

func TestPage_DataIsJSON(t *testing.T) {
	text := written(t, plainResult())
	found := regexp.MustCompile(`(?s)<script type="application/json">(.*?)</script>`).FindStringSubmatch(text)
	if found == nil {
		t.Fatal("no data of the rally in the page")
	}
	var played playedRally
	if err := json.Unmarshal([]byte(found[1]), &played); err != nil {
		t.Fatalf("the rally's data: %v", err)
	}
	if len(played.Truth) == 0 || len(played.Truth[0]) != 5 || len(played.Ways) == 0 ||
		len(played.Ways[0][1]) == 0 || len(played.Ways[0][1][0]) != 9 {
		t.Errorf("the rally's data has %d ticks, %d ways", len(played.Truth), len(played.Ways))
	}
}

// The anchors, labels and panels of the page must refer to each other.
func TestPage_Links(t *testing.T) {
	text := written(t, plainResult())
	ids := map[string]int{}
	for _, m := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(text, -1) {
		if ids[m[1]]++; ids[m[1]] > 1 {
			t.Errorf("the id %s occurs twice", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`href="#([^"]*)"`).FindAllStringSubmatch(text, -1) {
		if ids[m[1]] == 0 {
			t.Errorf("a link leads to #%s, which does not exist", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`data-for="([^"]*)"`).FindAllStringSubmatch(text, -1) {
		if !strings.Contains(text, `data-panel="`+m[1]+`-0"`) {
			t.Errorf("the chooser of %s has no panels", m[1])
		}
	}
}

// checkWellFormed fails unless every element is closed, in order, and no attribute occurs twice. The page is written
// like XML, except its scripts and styles, which are left out here.
func checkWellFormed(t testing.TB, text string) {
	t.Helper()
	text = regexp.MustCompile(`(?s)(<script[^>]*>|<style>).*?(</script>|</style>)`).ReplaceAllString(text, "$1$2")
	d := xml.NewDecoder(strings.NewReader(text))
	d.Entity = xml.HTMLEntity
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			line, _ := d.InputPos()
			t.Fatalf("the page is not well formed: %v: %.300s", err, strings.Split(text, "\n")[line-1])
		}
		if e, ok := token.(xml.StartElement); ok {
			seen := map[string]bool{}
			for _, a := range e.Attr {
				if seen[a.Name.Local] {
					t.Errorf("<%s> has %s twice", e.Name.Local, a.Name.Local)
				}
				seen[a.Name.Local] = true
			}
		}
	}
}
