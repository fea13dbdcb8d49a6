import './wasm_exec.js';
import { transport } from './transport.js';
import { draw, fit } from './draw.js';
import { action } from './actions.js';
import * as replay from './replay.js';

// A page at .../replay plays the recording in its address, and asks no server for anything else.
const replaying = /\/replay\/?(index\.html)?$/.test(location.pathname);

const $ = (id) => document.getElementById(id);
const canvas = $('field'), card = $('card'), text = $('text'), stage = $('stage');

// What the person has done since the last frame.
let actions = 0, typed = '', row = 0, drag = -1;
const keys = { up: new Set(), down: new Set(), newest: 0 };

// ---- the seat

// A page that is closed and opened again gets its seat back. Each page of this browser that is open has a place of its
// own to keep its seat in, as long as it has the lock.
const places = 8, prefix = 'pong-seat-', waitForPlace = 10000;
let place = '';

function stored(key) { try { return localStorage.getItem(key) ?? ''; } catch { return ''; } }
function store(key, value) {
	try { value ? localStorage.setItem(key, value) : localStorage.removeItem(key); } catch { } // it is played without
}
function secretsIn(place, name) {
	const [of, secrets] = stored(place).split('\u0000');
	return of === name ? secrets ?? '' : '';
}

// The pages ask each other which places are in use: a page that is being closed has its lock still, and does not answer.
const others = globalThis.BroadcastChannel ? new BroadcastChannel(prefix) : { postMessage() { } };
let answered = () => { };
others.onmessage = ({ data }) => {
	if (data.held) { answered(data.held); }
	if (data.asked && data.asked === place) { others.postMessage({ held: place }); }
};
addEventListener('pagehide', (e) => { if (!e.persisted) { place = ''; } });

// takeLock takes the lock of a place, and reports whether it has. It is held until the page is closed.
function takeLock(name, options) {
	return new Promise((got) => {
		navigator.locks.request(name, options, (held) => {
			got(Boolean(held));
			return held ? new Promise(() => { }) : undefined;
		}).catch(() => got(false));
	});
}

// lockOfClosing takes the lock of a place whose page is being closed. It does not wait for a page that answers, unless
// certain says that the seat must be there.
async function lockOfClosing(name, certain) {
	const stop = new AbortController();
	const late = setTimeout(() => stop.abort(), waitForPlace);
	answered = (held) => { if (held === name && !certain) { stop.abort(); } };
	const got = takeLock(name, { signal: stop.signal });
	others.postMessage({ asked: name });
	try { return await got; } finally { clearTimeout(late); }
}

// ownPlace finds a place for the seat of a name: first one that keeps it already, then any that is free.
async function ownPlace(name, certain) {
	if (!navigator.locks) { return `${prefix}0`; }
	const all = Array.from({ length: places }, (_, n) => `${prefix}${n}`).filter((p) => p !== place);
	for (const p of all.filter((p) => secretsIn(p, name))) {
		if (await takeLock(p, { ifAvailable: true }) || await lockOfClosing(p, certain)) { return p; }
	}
	if (place) { return place; }
	for (const p of all) {
		if (await takeLock(p, { ifAvailable: true })) { return p; }
	}
	return `${prefix}${places}`;
}

const seat = {
	// get passes on the secrets that are kept of a name. With certain, the server says that the room is full: then the
	// seat may be that of a page that is being closed.
	async get(name, certain, done) {
		try {
			if (!place || certain) { place = await ownPlace(name, certain); }
		} finally { done(place ? secretsIn(place, name) : ''); }
	},
	named(name) { store('pong-name', name); },
	set(name, secrets) { if (place) { store(place, secrets ? `${name}\u0000${secrets}` : ''); } },
};

// ---- keys and fingers

const directions = { ArrowUp: 'up', KeyW: 'up', ArrowDown: 'down', KeyS: 'down' };
const named = replaying ? replay.keys : { Enter: action.enter, Escape: action.back, ArrowUp: action.up, ArrowDown: action.down };
const letters = replaying ? replay.letters : { y: action.yes, n: action.no, r: action.again, c: action.copy, v: action.view };

addEventListener('keydown', (e) => {
	if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing) { return; }
	const direction = directions[e.code], typing = document.activeElement === text;
	if (direction && !typing && !e.repeat) {
		keys[direction].add(e.code);
		keys.newest = direction === 'up' ? -1 : 1;
	}
	if (e.repeat && !(e.key in named)) { return; }
	if ('Enter '.includes(e.key) && e.target instanceof HTMLButtonElement) { return; } // the button is pressed
	const doing = named[e.key] ?? (typing ? 0 : letters[e.key.toLowerCase()]) ?? 0;
	if (doing) {
		actions |= doing;
		if (e.key !== 'Escape') { e.preventDefault(); }
	}
});
addEventListener('keyup', (e) => { keys.up.delete(e.code); keys.down.delete(e.code); });
addEventListener('blur', () => { keys.up.clear(); keys.down.clear(); drag = -1; });

function held() {
	const up = keys.up.size > 0, down = keys.down.size > 0;
	return up && down ? keys.newest : up ? -1 : down ? 1 : 0;
}

// A finger anywhere on the screen leads the paddle.
function follow(e) {
	const box = canvas.getBoundingClientRect();
	drag = Math.min(Math.max((e.clientY - box.top) / box.height, 0), 1) * 600;
}
let finger = null;
stage.addEventListener('pointerdown', (e) => {
	if (e.target.closest('button, input, #card') || stage.dataset.match === 'no') { return; }
	finger = e.pointerId;
	follow(e);
	e.preventDefault();
});
addEventListener('pointermove', (e) => { if (e.pointerId === finger) { follow(e); } });
for (const end of ['pointerup', 'pointercancel']) {
	addEventListener(end, (e) => { if (e.pointerId === finger) { finger = null; drag = -1; } });
}
addEventListener('contextmenu', (e) => { if (finger !== null) { e.preventDefault(); } });

// ---- what is shown

const styles = ['plain', 'faint', 'wrong', 'large', 'literal'];

function element(kind, className, content) {
	const e = document.createElement(kind);
	if (className) { e.className = className; }
	e.textContent = content;
	return e;
}

// replace replaces the children of an element, unless they would be the same: otherwise a screen reader would read them
// again, and the focus would be lost.
const before = new WeakMap();
function replace(parent, value, make) {
	const now = JSON.stringify(value);
	if (before.get(parent) === now) { return; }
	before.set(parent, now);
	parent.replaceChildren(...make(value));
}

function button(label, className, press) {
	const b = element('button', className, label);
	b.type = 'button';
	b.addEventListener('click', press);
	return b;
}

let shownTitle = '';
function showCard(c) {
	card.hidden = !c || !c.title;
	const leave = c && !c.title ? c.choices.find((o) => o.label) ?? c.choices[0] : undefined;
	$('leave').hidden = !leave;
	if (card.hidden) { shownTitle = ''; return; }
	card.classList.toggle('alert', c.alert);
	card.classList.toggle('busy', c.busy);
	$('title').textContent = c.title;
	replace($('lines'), c.lines ?? [], (all) => all.map((l) => element('p', styles[l.Style], l.Text)));
	text.hidden = !c.typing;
	if (c.typing) {
		text.placeholder = c.field.Placeholder;
		text.setAttribute('aria-label', c.title);
		if (text.value !== c.field.Text) { text.value = c.field.Text; }
	}
	replace($('rows'), [c.rows ?? [], c.at], ([rows, at]) => rows.map((r, i) => {
		const b = button(r.label, i === at ? 'at' : '', () => { row = i + 1; });
		if (r.detail) { b.append(element('small', '', r.detail)); }
		return b;
	}));
	replace($('choices'), c.choices.filter((o) => o.label), (all) => all.map((o) =>
		button(o.label, o.first ? 'first' : '', () => { actions |= o.key; })));
	$('footer').textContent = c.footer;
	if (shownTitle !== c.title) {
		shownTitle = c.title;
		if (c.typing && !matchMedia('(pointer: coarse)').matches) { text.focus(); text.select(); }
	}
}

function show(s) {
	stage.dataset.match = s.match ? 'yes' : 'no';
	const sides = [$('left'), $('right')];
	s.names.forEach(([name, note], i) => {
		sides[i].textContent = s.match ? name + (note ? ` (${note})` : '') : '';
		sides[i].className = i === s.own ? 'own' : '';
	});
	$('caption').textContent = s.caption;
	$('aside').textContent = s.aside;
	const figures = (s.figures ?? []).map((f) => [f.Short, f.Value, '']);
	if (s.tcp) { figures.push(['carried by', 'TCP', 'tcp']); }
	replace($('figures'), figures, (all) => all.map(([name, value, kind]) => {
		const d = element('div', kind, '');
		d.append(element('dt', '', name), element('dd', '', value));
		return d;
	}));
	$('identity').hidden = !s.identity;
	$('identity').querySelector('pre').textContent = (s.identity ?? []).join('\n');
	canvas.setAttribute('aria-label', s.match ? `The field. ${s.names[0][0]} ${s.score[0]}, ${s.names[1][0]} ${s.score[1]}` : '');
	showCard(s.card);
	document.body.dataset.screen = s.card?.title || (s.match ? 'match' : '');
	document.body.dataset.score = s.score.join(':');
	keepAwake(s.playing);
}

text.addEventListener('input', () => { actions |= action.clear; typed = text.value; });
$('leave').addEventListener('click', () => { actions |= action.back; });

let lock = null;
async function keepAwake(wanted) {
	if (!navigator.wakeLock || wanted === Boolean(lock) || document.hidden) { return; }
	lock = wanted ? {} : lock;
	if (wanted) {
		try {
			lock = await navigator.wakeLock.request('screen');
			lock.addEventListener('release', () => { lock = null; });
		} catch { lock = {}; }
	} else {
		lock.release?.();
		lock = null;
	}
}

const still = matchMedia('(prefers-reduced-motion: reduce)');
function buzz(n) {
	if (n > 0 && !still.matches && navigator.userActivation?.hasBeenActive) { navigator.vibrate?.(12); }
}

// ---- frames

function frame(hidden) {
	const answer = pong.frame(held(), drag, actions, typed, row, hidden);
	actions = 0; typed = ''; row = 0;
	if (!answer) { return; }
	const f = JSON.parse(answer);
	if (f.show) { show(f.show); }
	if (f.track) { replay.show(f.track); }
	if (stage.dataset.match === 'yes') {
		fit(canvas);
		draw(canvas, f.shapes);
	}
	if (f.copy) { copy(f.copy); }
	buzz(f.hits);
}

async function copy(link) {
	try {
		await navigator.clipboard.writeText(link);
		pong.copied(true);
	} catch { pong.copied(false); }
}

function failed(e) {
	console.error(e);
	refuse(`Pong could not be started: ${e?.message ?? e}. Load the page again.`);
}

function refuse(sentence) {
	$('loading').hidden = false;
	$('loading').className = 'whole alert';
	$('loading').textContent = sentence;
}

// load starts the program, and returns when it has its functions.
async function load() {
	const go = new Go(), url = new URL('pong.wasm', import.meta.url);
	const ready = new Promise((yes) => document.addEventListener('pong', yes, { once: true }));
	let program;
	try {
		program = await WebAssembly.instantiateStreaming(fetch(url), go.importObject);
	} catch { // a server of files may not know the type of the program
		program = await WebAssembly.instantiate(await (await fetch(url)).arrayBuffer(), go.importObject);
	}
	go.run(program.instance).then(() => failed(new Error('the program has ended')));
	await ready;
}

// aboutServer returns what the server of the page says of itself, or null if there is none: the device has no network,
// or the files of the page are on another server.
async function aboutServer() {
	try {
		const response = await fetch('hash', { cache: 'no-store' });
		return response.ok ? await response.json() : null;
	} catch { return null; }
}

// keepFiles makes the page one that can be installed, and needs no network to play a bot. Behind a warning browsers
// refuse that.
function keepFiles() {
	if (!isSecureContext) { return; }
	navigator.serviceWorker?.register(new URL('offline.js', import.meta.url)).catch(() => { });
}

// play begins a match at the server of the page, or against a bot if there is none.
async function play() {
	globalThis.pongTransport = transport;
	globalThis.pongSeat = seat;
	const [about] = await Promise.all([aboutServer(), load()]);
	if (!about || about.public) { keepFiles(); }
	if (!about) {
		pong.practise(stored('pong-name'));
		return;
	}
	pong.start(`${location.hostname}:${location.port || 443}`, location.hash, about.identity, stored('pong-name'));
	const worker = new Worker('hidden.js');
	worker.onmessage = () => { if (document.hidden) { frame(true); } };
}

// watch plays a recording, and returns why if that is not possible.
async function watch() {
	await load();
	const problem = pong.replay(location.href);
	if (!problem) { replay.begin((doing) => { actions |= doing; }); }
	return problem;
}

async function main() {
	addEventListener('hashchange', () => location.reload());
	const problem = replaying ? await watch() : await play();
	if (problem) {
		refuse(`This replay cannot be played: ${problem}.`);
		return;
	}
	$('loading').hidden = true;
	const each = () => {
		if (!document.hidden) { frame(false); }
		requestAnimationFrame(each);
	};
	requestAnimationFrame(each);
	document.addEventListener('visibilitychange', () => { keys.up.clear(); keys.down.clear(); drag = -1; });
}

main().catch(failed);
