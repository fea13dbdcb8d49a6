//go:build browser

package browser

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// duration returns how long a long test plays.
func duration(t *testing.T) time.Duration {
	t.Helper()
	text := os.Getenv("WEB_LONG")
	if text == "" {
		text = "30m"
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatalf("WEB_LONG: %v", err)
	}
	return d
}

// measured keeps the memory of the program, to see its size.
const measured = `{
	const start = WebAssembly.instantiateStreaming;
	WebAssembly.instantiateStreaming = async (...args) => {
		const program = await start(...args);
		globalThis.programMemory = program.instance.exports.mem;
		return program;
	};
}`

// memory returns the bytes that a page uses after a garbage collection: the heap of JavaScript, and the memory of the
// program.
func (p *tab) memory() (heap, program float64) {
	p.b.t.Helper()
	p.call("HeapProfiler.collectGarbage", nil, nil)
	var r struct{ UsedSize float64 }
	p.call("Runtime.getHeapUsage", nil, &r)
	program, err := strconv.ParseFloat(p.eval(`programMemory.buffer.byteLength`), 64)
	if err != nil {
		p.b.t.Fatal(err)
	}
	return r.UsedSize, program
}

// processor returns the CPU time that a process has used.
func processor(t *testing.T, pid int) time.Duration {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	ticks := 0
	for _, field := range fields[11:13] { // utime and stime, in hundredths of a second
		n, err := strconv.Atoi(field)
		if err != nil {
			t.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * time.Second / 100
}

// TestLong_PageDoesNotGrow plays for half an hour, or as long as WEB_LONG says. Beside it two bots play at another
// server, to compare what a page costs a server with what a native player costs it.
func TestLong_PageDoesNotGrow(t *testing.T) {
	all := duration(t)
	s, native := serve(t, "--points", "0"), serve(t, "--points", "0")
	b := openChromium(t)
	p := b.open(s.page+"&r=ash-9", 1280, 720, false, timing, follow, measured)
	run(t, nil, "bot", s.link, "--room", "ash-9", "--name", "Grace")
	lines := make(chan map[string]any, 1)
	run(t, nil, "bot", native.link, "--room", "ash-9", "--name", "Ada")
	run(t, func(line string) {
		var m map[string]any
		if json.Unmarshal([]byte(line), &m) == nil {
			select {
			case <-lines:
			default:
			}
			lines <- m
		}
	}, "bot", native.link, "--room", "ash-9", "--name", "Grace", "--json")
	p.await(`globalThis.frameTimes?.length > 300 && document.body.dataset.screen === 'match'`)

	warm := all / 5
	time.Sleep(warm)
	heap, program := p.memory()
	web, bots := processor(t, s.pid), processor(t, native.pid)
	frames := p.eval(`frameTimes.length`)
	for began := time.Now(); time.Since(began) < all-warm; time.Sleep(min(time.Minute, all/10)) {
		now, nowProgram := p.memory()
		fmt.Printf("after %v: %.1f MB of JavaScript, %.1f MB of the program\n", time.Since(began).Round(time.Second),
			now/1e6, nowProgram/1e6)
		p.eval(`frameTimes.splice(0, frameTimes.length - 3000)`) // the measurement does not count
	}
	endHeap, endProgram := p.memory()
	web, bots = processor(t, s.pid)-web, processor(t, native.pid)-bots
	one := bots.Seconds() / 2
	fmt.Printf("figure web_long_minutes %.0f\nfigure web_long_javascript_mb %.2f %.2f\n"+
		"figure web_long_program_mb %.1f %.1f\n", all.Minutes(), heap/1e6, endHeap/1e6, program/1e6, endProgram/1e6)
	fmt.Printf("figure server_cpu_of_two_native_players %.2f s\n"+
		"figure server_cpu_of_a_native_player_and_a_page %.2f s\n"+
		"figure server_cpu_page_to_native %.2f\n", bots.Seconds(), web.Seconds(), (web.Seconds()-one)/one)
	p.printFrames("web_long")
	last := <-lines
	fmt.Printf("figure native_beside latency %v ms, corrections %v\n", last["latency_ms"], last["corrections"])
	fmt.Printf("figure page_beside %s\n", p.eval(`[...document.querySelectorAll('#figures div')].map((d) =>
		d.innerText.replace(/\s+/g, ' ')).join(', ')`))
	if frames == "0" || p.eval(`document.body.dataset.screen`) != `"match"` {
		t.Errorf("after %v the page shows %s, want a match", all, p.eval(`document.body.innerText`))
	}
	if endHeap > heap*1.25+2e6 || endProgram > program*1.25+4e6 {
		t.Errorf("the page has grown: JavaScript from %.1f to %.1f MB, the program from %.1f to %.1f MB", heap/1e6,
			endHeap/1e6, program/1e6, endProgram/1e6)
	}
	p.noErrors()
}
