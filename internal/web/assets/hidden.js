// A worker whose timer also runs while the page is hidden, so that the page keeps its seat.
setInterval(() => postMessage(0), 250);
