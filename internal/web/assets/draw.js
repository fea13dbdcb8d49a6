// Draws the shapes of a frame, in pixels of the 800 x 600 field.

const width = 800, height = 600;
const font = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
const aligns = ['left', 'center', 'right'];
const outline = [[0, -.06], [.6, -.06], [.6, -.2], [1, 0], [.6, .2], [.6, .06], [0, .06]];

export function fit(canvas) {
	const box = canvas.getBoundingClientRect(), density = Math.min(devicePixelRatio || 1, 3);
	const w = Math.round(box.width * density), h = Math.round(box.height * density);
	if (canvas.width !== w || canvas.height !== h) { canvas.width = w; canvas.height = h; }
}

export function draw(canvas, shapes) {
	const to = canvas.getContext('2d', { alpha: false, desynchronized: true });
	to.setTransform(canvas.width / width, 0, 0, canvas.height / height, 0, 0);
	to.fillStyle = '#121720';
	to.fillRect(0, 0, width, height);
	for (const shape of shapes) {
		const [kind, a, b, c, d] = shape;
		to.fillStyle = to.strokeStyle = shape[shape.length - 1];
		to.beginPath();
		switch (kind) {
		case 'b': {
			const round = shape[5], stroke = shape[6], inset = stroke / 2;
			to.roundRect(a + inset, b + inset, c - stroke, d - stroke, Math.min(round, c / 2, d / 2));
			if (stroke) { to.lineWidth = stroke; to.stroke(); continue; }
			break;
		}
		case 't':
			to.moveTo(a, b);
			to.lineTo(a + c, b + d / 2);
			to.lineTo(a, b + d);
			break;
		case 'a':
			for (const [along, right] of outline) { to.lineTo(a + along * c - right * d, b + along * d + right * c); }
			break;
		case 's':
			to.font = `700 ${d}px ${font}`;
			to.textAlign = aligns[shape[5]];
			to.textBaseline = 'middle';
			to.fillText(a, b, c);
			continue;
		}
		to.fill();
	}
}
