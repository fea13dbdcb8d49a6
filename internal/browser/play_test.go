//go:build browser

package browser

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
)

// follow moves a finger, or a mouse that is pressed, to the height of the ball in each frame of the page.
const follow = `{
	let last = 0;
	const each = () => {
		const field = document.getElementById('field');
		if (globalThis.ballY !== undefined && field) {
			const box = field.getBoundingClientRect();
			const at = { clientX: box.left + 20, clientY: box.top + (ballY + 5) / 600 * box.height, pointerId: 7,
				bubbles: true, pointerType: 'touch' };
			field.dispatchEvent(new PointerEvent(last++ ? 'pointermove' : 'pointerdown', at));
		}
		requestAnimationFrame(each);
	};
	requestAnimationFrame(each);
	const parse = JSON.parse;
	JSON.parse = (text) => {
		const value = parse(text);
		for (const s of value?.shapes ?? []) {
			if (s[0] === 'b' && s[3] === 10 && s[4] === 10 && s[5] === 2.5) { globalThis.ballY = s[2]; }
		}
		return value;
	};
}`

// timing measures how long a frame takes, and how many are drawn.
const timing = `document.addEventListener('pong', () => {
	globalThis.frameTimes = [];
	globalThis.frameBegan = performance.now();
	const frame = pong.frame;
	pong.frame = (...args) => {
		const began = performance.now();
		const answer = frame(...args);
		frameTimes.push(performance.now() - began);
		return answer;
	};
}, { once: true })`

// carried counts the connections of WebTransport that the page has opened.
const carried = `globalThis.webTransports = 0;
	globalThis.WebTransport = class extends WebTransport {
		constructor(...args) {
			super(...args);
			this.ready.then(() => { webTransports++; }, () => { });
		}
	}`

// printFrames prints what timing has measured.
func (p *tab) printFrames(name string) {
	p.b.t.Helper()
	fmt.Printf("figure %s_frame_p50 %s ms\nfigure %s_frame_p99 %s ms\nfigure %s_frames_per_second %s\n",
		name, p.eval(`+frameTimes.toSorted((a, b) => a - b)[Math.floor(frameTimes.length * .5)].toFixed(2)`),
		name, p.eval(`+frameTimes.toSorted((a, b) => a - b)[Math.floor(frameTimes.length * .99)].toFixed(2)`),
		name, p.eval(`+(frameTimes.length / (performance.now() - frameBegan) * 1000).toFixed(1)`))
}

// noErrors fails the test if the page has reported an error.
func (p *tab) noErrors() {
	p.b.t.Helper()
	if errors := p.consoleErrors(); len(errors) > 0 {
		p.b.t.Errorf("errors in the console: %q, want none", errors)
	}
}

const screenIs = `document.body.dataset.screen === `

func TestPage_PlaysAMatchToItsEnd(t *testing.T) {
	s := serve(t, "--points", "2")
	b := openChromium(t)
	opened := time.Now()
	p := b.open(s.page+"&r=maple-42", 1280, 800, false, timing, carried)
	p.await(screenIs + `'Waiting for your friend'`)
	fmt.Printf("figure web_link_to_seat %.2f s\n", time.Since(opened).Seconds())
	p.shoot("waiting")
	run(t, nil, "bot", s.link, "--room", "maple-42", "--name", "Grace")
	p.await(screenIs + `'match'`)
	p.shoot("countdown")
	p.await(`document.body.dataset.score !== '0:0'`)
	p.shoot("play")
	p.await(`document.body.dataset.screen.endsWith(' wins')`)
	p.shoot("result")
	p.printFrames("web")
	if opened := p.eval(`webTransports`); opened == "0" {
		t.Error("the page has not opened a connection of WebTransport, want one")
	}
	fmt.Printf("figure web_over_tcp %s\n", p.eval(`document.querySelector('#figures .tcp') !== null`))
	p.noErrors()
}

func TestPage_ComesBackToItsSeat(t *testing.T) {
	s := serve(t, "--points", "0")
	b := openChromium(t)
	link := s.page + "&r=oak-7"
	p := b.open(link, 390, 844, true, follow)
	run(t, nil, "bot", s.link, "--room", "oak-7", "--name", "Grace")
	p.await(`globalThis.ballY !== undefined`)
	name := p.eval(`document.getElementById('left').textContent`)
	p.shoot("phone")
	p.call("Emulation.setEmulatedMedia", map[string]any{
		"features": []map[string]string{{"name": "prefers-color-scheme", "value": "dark"}},
	}, nil)
	p.size(844, 390, true)
	time.Sleep(300 * time.Millisecond)
	p.shoot("phone-landscape")
	// A page whose program is busy takes long to close: its seat is waited for.
	p.eval(`setTimeout(() => { for (const began = Date.now(); Date.now() - began < 1500;) { } }, 0)`)
	p.close()
	again := b.open(link, 390, 844, true, follow)
	again.await(screenIs + `'match'`)
	again.shoot("phone-again")
	if now := again.eval(`document.getElementById('left').textContent`); now != name {
		t.Errorf("the left player is %s after the page was opened again, want %s as before", now, name)
	}
	p.noErrors()
	again.noErrors()
}

func TestPage_PlaysOverTCPWithoutWebTransport(t *testing.T) {
	s := serve(t, "--points", "1")
	for name, script := range map[string]string{
		"the browser has none": `delete globalThis.WebTransport`,
		"no datagram arrives":  `WebTransport.prototype.__defineGetter__('datagrams', () => new TransformStream())`,
	} {
		t.Run(name, func(t *testing.T) {
			b := openChromium(t)
			room := "elm-" + fmt.Sprint(len(name))
			p := b.open(s.page+"&r="+room, 844, 390, true, script)
			run(t, nil, "bot", s.link, "--room", room, "--name", "Grace")
			p.await(screenIs + `'match'`)
			p.await(`document.querySelector('#figures .tcp') !== null`)
			p.shoot("tcp")
			p.await(`document.body.dataset.screen.endsWith(' wins')`)
			p.noErrors()
		})
	}
}

func TestPage_PractisesFromTheMenu(t *testing.T) {
	s := serve(t, "--points", "1")
	b := openChromium(t)
	p := b.open(s.page, 1280, 800, false, follow)
	press := func(label string) {
		t.Helper()
		p.await(fmt.Sprintf(`[...document.querySelectorAll('button')].find((b) => b.offsetParent &&
			b.firstChild.textContent === %q)`, label))
		p.eval(fmt.Sprintf(`[...document.querySelectorAll('button')].find((b) => b.offsetParent &&
			b.firstChild.textContent === %q).click()`, label))
	}
	p.await(screenIs + `'Waiting for an opponent'`)
	time.Sleep(600 * time.Millisecond) // a card that has appeared by itself ignores choices for a moment
	press("Back")
	p.await(screenIs + `'What would you like to play?'`)
	p.shoot("menu")
	press("Practice")
	p.await(screenIs + `'Practice'`)
	press("Easy")
	p.await(screenIs + `'match'`)
	p.await(`document.body.dataset.screen.startsWith('You win') ||
		document.body.dataset.screen.endsWith(' wins')`)
	p.shoot("practised")
	p.noErrors()
}

// TestPage_PlaysThroughABadNetwork plays through a relay that adds 100 ms to the round trip and loses 5 % of the
// datagrams each way. The other player, the program's bot, has a good network.
func TestPage_PlaysThroughABadNetwork(t *testing.T) {
	s := serve(t, "--points", "2")
	page, err := url.Parse(s.page)
	if err != nil {
		t.Fatal(err)
	}
	port := page.Port()
	bad := []string{"link", "--listen", "127.0.0.2", "--to", "127.0.0.1", "--control-port", port, "--delay", "50ms",
		"--jitter", "4ms", "--loss", "5%", "--burst", "2"}
	run(t, nil, append(bad, "--game-port", port)...) // HTTP/3 is on the UDP port with the number of the TCP port
	b := openChromium(t)
	opened := time.Now()
	far := strings.Replace(s.page, "127.0.0.1", "127.0.0.2", 1)
	p := b.open(far+"&r=fir-3", 1280, 720, false, timing, follow, carried)
	p.await(screenIs + `'Waiting for your friend'`)
	fmt.Printf("figure web_100ms_link_to_seat %.2f s\n", time.Since(opened).Seconds())
	run(t, nil, "bot", s.link, "--room", "fir-3", "--name", "Grace")
	figure := func(name string) string {
		return p.eval(fmt.Sprintf(`[...document.querySelectorAll('#figures div')].find((d) =>
			d.querySelector('dt').textContent === %q)?.querySelector('dd').textContent`, name))
	}
	p.await(screenIs + `'match'`)
	p.await(`globalThis.frameTimes.length > 900 || document.body.dataset.screen.includes('win')`)
	fmt.Printf("figure web_100ms_latency %s\nfigure web_100ms_loss_up_down %s\nfigure web_100ms_corrections %s\n",
		figure("latency"), figure("loss"), figure("corrections"))
	p.await(`document.body.dataset.screen === 'You win' ||
		document.body.dataset.screen.endsWith(' wins')`)
	p.printFrames("web_100ms")
	if opened := p.eval(`webTransports`); opened == "0" {
		t.Error("the page has not opened a connection of WebTransport, want one")
	}
	fmt.Printf("figure web_100ms_over_tcp %s\n", p.eval(`document.querySelector('#figures .tcp') !== null`))
	p.noErrors()
}
