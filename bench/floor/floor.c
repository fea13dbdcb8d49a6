// The floor: the cost of the traffic of many matches alone. Two processes in C, each with one socket and 64 datagrams
// a system call, send what `pong serve` and `pong load` send, in clear: for each match two players send 60 datagrams
// of INPUT's size a second, and the server sends each of them 20 or 60 of STATE's size. Nothing is sealed and no game
// is played; the server only records each player's address and tick.
//
//	floor MATCHES RATE SECONDS [SERVER-CORE LOAD-CORE]
//
// prints one line: matches, rate, CPU microseconds of the server for a match-second, datagrams in and out, lost.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	BATCH = 64,
	SLOTS = 16,	// of a tick, as the server has them
	INPUT = 62,	// bytes, sealed
	STATE = 100,
	BUFFER = 4 << 20,
	MOST = 20000,	// matches
};

static const long SECOND = 1000000000L;

// Figures that both processes pass to the parent.
struct counts {
	long in, out, cpu;
};

static struct counts *server, *load;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static long now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * SECOND + t.tv_nsec;
}

static void sleep_until(long at)
{
	struct timespec t = { at / SECOND, at % SECOND };
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR) {}
}

static void pin(int core)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(core, &set);
	if (core >= 0 && sched_setaffinity(0, sizeof set, &set) != 0)
		die("sched_setaffinity");
}

// The CPU time of the process, in nanoseconds.
static long cpu(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * SECOND + t.tv_nsec;
}

static int udp(uint32_t address, struct sockaddr_in *at)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0), size = BUFFER, probe = IP_PMTUDISC_PROBE;
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(address) };
	socklen_t len = sizeof *at;
	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) != 0 || getsockname(fd, (struct sockaddr *)at, &len) != 0)
		die("socket");
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &probe, sizeof probe);
	return fd;
}

// Messages for a system call, with their buffers.
struct batch {
	struct mmsghdr messages[BATCH];
	struct iovec vectors[BATCH];
	struct sockaddr_in names[BATCH];
	union {
		struct cmsghdr head;
		char buffer[CMSG_SPACE(sizeof(struct in_pktinfo))];
	} controls[BATCH];
	unsigned char data[BATCH][256];
	int n;
};

static void link_batch(struct batch *b, size_t length)
{
	memset(b, 0, sizeof *b);
	for (int i = 0; i < BATCH; i++) {
		b->vectors[i] = (struct iovec){ b->data[i], length };
		b->messages[i].msg_hdr = (struct msghdr){
			.msg_name = &b->names[i], .msg_namelen = sizeof b->names[i], .msg_iov = &b->vectors[i], .msg_iovlen = 1 };
	}
}

static long flush(int fd, struct batch *b)
{
	long sent = 0;
	for (int done = 0; done < b->n;) {
		int n = sendmmsg(fd, b->messages + done, b->n - done, MSG_DONTWAIT);
		if (n < 0)
			done++;
		else
			done += n, sent += n;
	}
	b->n = 0;
	return sent;
}

// Receives all datagrams that have arrived, and calls take for each.
static long drain(int fd, struct batch *b, void (*take)(unsigned char *, struct sockaddr_in *))
{
	long all = 0;
	for (int n = BATCH; n == BATCH; all += n > 0 ? n : 0) {
		for (int i = 0; i < BATCH; i++)
			b->messages[i].msg_hdr.msg_namelen = sizeof b->names[i];
		n = recvmmsg(fd, b->messages, BATCH, MSG_DONTWAIT, NULL);
		for (int i = 0; i < n; i++)
			take(b->data[i], &b->names[i]);
	}
	return all;
}

// The server's record of a player.
static struct player {
	struct sockaddr_in at;
	uint32_t newest;
} *players;

static void note(unsigned char *data, struct sockaddr_in *from)
{
	uint32_t id, tick;
	memcpy(&id, data, 4);
	memcpy(&tick, data + 4, 4);
	if (id < 2 * MOST)
		players[id] = (struct player){ *from, tick };
}

static void serve(int fd, int matches, int rate, long start, long end, long from)
{
	static struct batch in, out;
	link_batch(&in, sizeof in.data[0]);
	link_batch(&out, STATE);
	players = calloc(2 * MOST, sizeof *players);
	long before = 0;
	for (long slot = 0;; slot++) {
		long at = start + slot * SECOND / (60 * SLOTS);
		if (at > end)
			break;
		if (before == 0 && at >= from) {
			before = cpu();
			server->in = server->out = 0;
		}
		sleep_until(at);
		server->in += drain(fd, &in, note);
		uint32_t tick = slot / SLOTS;
		for (int m = slot % SLOTS; m < matches; m += SLOTS) {
			if ((tick + m) % (60 / rate) != 0)
				continue;
			for (int p = 2 * m; p < 2 * m + 2; p++) {
				if (players[p].at.sin_port == 0)
					continue;
				out.names[out.n] = players[p].at;
				memcpy(out.data[out.n], &p, 4);
				memcpy(out.data[out.n] + 4, &players[p].newest, 4);
				if (++out.n == BATCH)
					server->out += flush(fd, &out);
			}
		}
		server->out += flush(fd, &out);
	}
	server->cpu = cpu() - before;
}

static void ignore(unsigned char *data, struct sockaddr_in *from)
{
	(void)data, (void)from;
}

// The players, each with its own address in 127.1.0.0/16, with one socket.
static void play(int fd, struct sockaddr_in *to, int matches, long start, long end, long from)
{
	static struct batch in, out;
	link_batch(&in, sizeof in.data[0]);
	link_batch(&out, INPUT);
	for (int i = 0; i < BATCH; i++) {
		out.names[i] = *to;
		struct msghdr *h = &out.messages[i].msg_hdr;
		h->msg_control = &out.controls[i];
		h->msg_controllen = sizeof out.controls[i];
		struct cmsghdr *c = CMSG_FIRSTHDR(h);
		*c = (struct cmsghdr){
			.cmsg_level = IPPROTO_IP, .cmsg_type = IP_PKTINFO, .cmsg_len = CMSG_LEN(sizeof(struct in_pktinfo)) };
	}
	int counting = 0;
	for (long slot = 0;; slot++) {
		long at = start + slot * SECOND / (60 * SLOTS);
		if (at > end)
			break;
		if (!counting && at >= from)
			counting = 1, load->in = load->out = 0;
		sleep_until(at);
		load->in += drain(fd, &in, ignore);
		uint32_t tick = slot / SLOTS;
		for (int m = (slot + SLOTS / 2) % SLOTS; m < matches; m += SLOTS) {
			for (uint32_t p = 2 * m; p < 2 * m + 2u; p++) {
				struct in_pktinfo info = { .ipi_spec_dst.s_addr = htonl(0x7f010001 + p + p / 254) };
				memcpy(CMSG_DATA(CMSG_FIRSTHDR(&out.messages[out.n].msg_hdr)), &info, sizeof info);
				memcpy(out.data[out.n], &p, 4);
				memcpy(out.data[out.n] + 4, &tick, 4);
				if (++out.n == BATCH)
					load->out += flush(fd, &out);
			}
		}
		load->out += flush(fd, &out);
	}
}

int main(int argc, char **argv)
{
	int matches = argc > 3 ? atoi(argv[1]) : 0, rate = argc > 3 ? atoi(argv[2]) : 0;
	int seconds = argc > 3 ? atoi(argv[3]) : 0;
	if (matches < 1 || matches > MOST || (rate != 20 && rate != 60) || seconds < 1 || seconds > 120) {
		fprintf(stderr, "usage: floor MATCHES RATE SECONDS [SERVER-CORE LOAD-CORE], "
			"1 to %d matches, rate 20 or 60, 1 to 120 s\n", MOST);
		return 2;
	}
	server = mmap(NULL, 2 * sizeof *server, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (server == MAP_FAILED)
		die("mmap");
	load = server + 1;
	struct sockaddr_in at, ours;
	int fd = udp(INADDR_LOOPBACK, &at), other = udp(INADDR_ANY, &ours);
	long start = now() + SECOND / 10, from = start + SECOND, end = from + seconds * SECOND;
	pid_t children[2];
	for (int i = 0; i < 2; i++) {
		if ((children[i] = fork()) < 0)
			die("fork");
		if (children[i] > 0)
			continue;
		pin(argc > 5 ? atoi(argv[4 + i]) : -1);
		if (i == 0)
			serve(fd, matches, rate, start, end, from);
		else
			play(other, &at, matches, start, end, from);
		exit(0);
	}
	int status, failed = 0;
	for (int i = 0; i < 2; i++)
		failed |= waitpid(children[i], &status, 0) < 0 || status != 0;
	long lost = load->out - server->in;
	printf("matches %d rate %d us/match-second %.1f in %ld out %ld lost %ld\n", matches, rate,
		server->cpu / 1e3 / matches / seconds, server->in, server->out, lost > 0 ? lost : 0);
	return failed;
}
