// The keys and the controls of a recording.
import { action } from './actions.js';

export const keys = {
	' ': action.pause, ArrowLeft: action.left, ArrowRight: action.right, ArrowUp: action.up, ArrowDown: action.down,
	Home: action.home, End: action.end, ',': action.stepBack, '.': action.stepOn,
};
export const letters = { 1: action.takeLeft, 2: action.takeRight, b: action.useBot, v: action.view };

const $ = (id) => document.getElementById(id);

// begin shows the controls. They call act with the actions of their keys.
export function begin(act) {
	$('track').hidden = false;
	document.body.dataset.page = 'replay';
	for (const b of $('buttons').children) {
		const key = b.dataset.do;
		b.addEventListener('click', () => act(keys[key] ?? letters[key]));
	}
	$('at').addEventListener('input', (e) => pong.seek(Number(e.target.value)));
}

let marks = '';

// show shows where the recording is.
export function show(t) {
	const at = $('at');
	at.max = t.of;
	at.value = t.at;
	at.disabled = t.taken > 0;
	at.setAttribute('aria-valuetext', t.line);
	$('clock').textContent = t.line;
	$('pause').textContent = t.paused ? 'Play' : 'Pause';
	$('bot').hidden = t.taken === 0;
	for (const b of $('buttons').children) {
		const key = b.dataset.do, back = key === String(t.taken);
		if (b.id !== 'bot') { b.disabled = t.taken > 0 && !back; }
		if (key === '1' || key === '2') { b.textContent = back ? 'Back to the replay' : key === '1' ? 'Play left' : 'Play right'; }
	}
	if (marks !== `${t.points}`) {
		marks = `${t.points}`;
		$('points').replaceChildren(...t.points.map((point) => {
			const mark = document.createElement('i');
			mark.style.left = `${100 * point / t.of}%`;
			return mark;
		}));
	}
	document.body.dataset.at = t.at;
}
