// The connection of the page: a stream, and datagrams in messages that may be lost. Go calls open with functions that
// take what arrives. WebTransport has datagrams; WebSocket carries both over TCP, for browsers and networks without it.

const url = new URL('play', location.href);
url.hash = '';

export const transport = { datagrams: 'WebTransport' in globalThis, open };

// open opens a connection, and calls done with an error or without. What it returns may be used after that.
function open(way, onStream, onDatagram, onClose, done) {
	let closed = false;
	const closes = () => { if (!closed) { closed = true; onClose(); } };
	const connection = way === 'webtransport' ? new Streams(onStream, onDatagram, closes) :
		new Messages(onStream, onDatagram, closes);
	connection.open().then(() => done(), (e) => { done(e); });
	return connection;
}

// The most that may wait to be sent. Datagrams are only of use while they are new.
const maxAge = 100; // milliseconds
const maxBuffered = 4096; // bytes

class Streams {
	constructor(onStream, onDatagram, onClose) { Object.assign(this, { onStream, onDatagram, onClose }); }

	async open() {
		const response = await fetch('hash', { cache: 'no-store' });
		const { sha256 } = await response.json();
		const hashes = sha256.map((text) => ({
			algorithm: 'sha-256', value: Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer,
		}));
		this.session = new WebTransport(url.href, {
			serverCertificateHashes: hashes, congestionControl: 'low-latency', requireUnreliable: true,
		});
		this.session.closed.then(() => this.onClose(), () => this.onClose());
		await this.session.ready;
		const d = this.session.datagrams;
		try { d.outgoingMaxAge = maxAge; d.incomingMaxAge = maxAge; d.incomingHighWaterMark = 64; } catch { }
		const stream = await this.session.createBidirectionalStream();
		this.stream = stream.writable.getWriter();
		this.datagrams = (d.createWritable ? d.createWritable() : d.writable).getWriter();
		this.read(stream.readable, this.onStream);
		this.read(d.readable, this.onDatagram, true);
	}

	async read(from, take) {
		try {
			for (const reader = from.getReader(); ;) {
				const { value, done } = await reader.read();
				if (done) { break; }
				take(value);
			}
		} catch { }
		this.onClose();
	}

	write(bytes) { this.stream.write(bytes).catch(() => { }); }

	send(bytes) {
		if (this.datagrams.desiredSize > -16) { this.datagrams.write(bytes).catch(() => { }); }
	}

	// close lets what was written last be sent.
	close() {
		this.stream?.close().catch(() => { });
		setTimeout(() => { try { this.session?.close(); } catch { } }, 500);
	}
}

const kindStream = 0, kindDatagram = 1;

class Messages {
	constructor(onStream, onDatagram, onClose) { Object.assign(this, { onStream, onDatagram, onClose }); }

	open() {
		const to = new URL(url);
		to.protocol = to.protocol.replace('http', 'ws');
		this.socket = new WebSocket(to);
		this.socket.binaryType = 'arraybuffer';
		this.socket.onmessage = ({ data }) => {
			const bytes = new Uint8Array(data);
			(bytes[0] === kindStream ? this.onStream : this.onDatagram)(bytes.subarray(1));
		};
		return new Promise((opened, failed) => {
			this.socket.onopen = opened;
			this.socket.onerror = () => failed(new Error('no connection by WebSocket'));
			this.socket.onclose = () => { failed(new Error('the connection was closed')); this.onClose(); };
		});
	}

	put(kind, bytes) {
		if (this.socket.readyState !== WebSocket.OPEN) { return; }
		const message = new Uint8Array(1 + bytes.length);
		message[0] = kind;
		message.set(bytes, 1);
		this.socket.send(message);
	}

	write(bytes) { this.put(kindStream, bytes); }

	// send sends the newest datagram as soon as the connection takes it, instead of all that came meanwhile.
	send(bytes) {
		const waits = this.newest !== undefined;
		this.newest = bytes;
		if (!waits) { this.flush(); }
	}

	flush() {
		if (this.socket.bufferedAmount > maxBuffered) {
			setTimeout(() => this.flush(), 10);
			return;
		}
		this.put(kindDatagram, this.newest);
		this.newest = undefined;
	}

	close() { setTimeout(() => this.socket.close(), 500); }
}
