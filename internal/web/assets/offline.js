// The service worker: it keeps the files of the page, for a device that has no network. The server's files always go
// first, so that a page and its program are of the same version as the server.

const name = 'pong';
const files = ['./', 'main.js', 'actions.js', 'replay.js', 'transport.js', 'draw.js', 'hidden.js', 'wasm_exec.js',
	'pong.wasm', 'style.css', 'icon.svg', 'manifest.webmanifest'];

addEventListener('install', (e) => {
	skipWaiting();
	e.waitUntil(caches.open(name).then((kept) => kept.addAll(files)));
});
addEventListener('activate', (e) => e.waitUntil(clients.claim()));

addEventListener('fetch', (e) => {
	const url = new URL(e.request.url), scope = new URL(registration.scope);
	const file = url.pathname.slice(scope.pathname.length).replace(/^replay\/?(index\.html)?$/, '') || './';
	if (url.origin === scope.origin && e.request.method === 'GET' && files.includes(file)) {
		e.respondWith(answer(e.request, file));
	}
});

async function answer(request, file) {
	const kept = await caches.open(name);
	try {
		const response = await fetch(request);
		if (response.ok && !request.url.includes('/replay')) { await kept.put(file, response.clone()); }
		return response;
	} catch (e) {
		const response = await kept.match(file);
		if (!response) { throw e; }
		return response;
	}
}
