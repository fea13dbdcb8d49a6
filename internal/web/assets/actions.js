// The actions of package front.
export const action = {
	up: 1, down: 2, left: 4, right: 8, home: 16, end: 32, clear: 256, enter: 512, back: 1024, yes: 2048, no: 4096,
	again: 8192, view: 16384, copy: 32768,
	pause: 1 << 18, stepBack: 1 << 19, stepOn: 1 << 20, takeLeft: 1 << 21, takeRight: 1 << 22, useBot: 1 << 23,
};
