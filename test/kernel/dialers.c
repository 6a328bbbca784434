/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Subscribers that dial in over PPPoE, as many as asked for, out of one network interface and one
 * packet socket: discovery, LCP and authentication, then they wait for what is behind the LAC.
 *
 * usage: dialers OPTION... INTERFACE; dialers_options.c has the options
 *
 * Prints a report, one line of JSON, at the start, whenever nobody dials any more, after SIGUSR1,
 * and at the end. SIGHUP makes all hang up; SIGTERM as well, and ends it.
 */
#include "dialers.h"

#include <arpa/inet.h>
#include <errno.h>
#include <jansson.h>
#include <linux/if_ether.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/list.h"

#define BATCH 64
#define TICK_MS 50
#define SOCKET_BUFFER (16 << 20)
/* How long those that say goodbye wait for an answer, and what is late is waited for. */
#define GOODBYE (2 * USEC_PER_SEC)

static volatile sig_atomic_t wants_end, wants_report, wants_drop;

static void on_signal(int signal)
{
	if (signal == SIGUSR1)
		wants_report = 1;
	else if (signal == SIGHUP)
		wants_drop = 1;
	else
		wants_end = 1;
}

static void die(const char *what)
{
	fprintf(stderr, "dialers: %s: %s\n", what, strerror(errno));
	exit(1);
}

static usec_t now_usec(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * USEC_PER_SEC + ts.tv_nsec / 1000;
}

uint32_t random_u32(void)
{
	uint32_t value = 0;

	if (getrandom(&value, sizeof(value), 0) != sizeof(value))
		die("getrandom");
	return value;
}

void expand(char *ret, size_t size, const char *text, unsigned int number)
{
	size_t len = 0;

	for (; *text && len + 1 < size; text++) {
		if (*text == '%')
			len += (size_t)snprintf(ret + len, size - len, "%u", number);
		else
			ret[len++] = *text;
	}
	ret[len < size ? len : size - 1] = '\0';
}

void dialers_send(struct dialers *d, const struct writer *frame)
{
	ssize_t sent = sendto(d->fd, frame->start, writer_len(frame), 0,
			      (const struct sockaddr *)&d->link, sizeof(d->link));

	/* A queue on the way is full, as may be; that of this socket is not. */
	if (sent == -1 && errno != ENOBUFS)
		die("sendto");
}

/* --- one subscriber -------------------------------------------------------------------------- */

void subscriber_state(struct subscriber *s, enum dial_state state)
{
	s->dialers->in_state[s->state]--;
	s->dialers->in_state[state]++;
	s->state = state;
}

void subscriber_retry(struct subscriber *s, usec_t after, usec_t now)
{
	usec_t when = now + after;

	if (s->state < DIAL_UP && when > s->deadline)
		when = s->deadline;
	if (timer_start(&s->dialers->timers, &s->timer, when))
		die("timer");
}

static void tally(struct dialers *d, const char *what, struct bytes text)
{
	char words[sizeof(d->tallies[0].text)];
	int shown = text.len < 80 ? (int)text.len : 80;
	struct tally *t = d->tallies;

	snprintf(words, sizeof(words), "%s%s%.*s", what, shown ? ": " : "", shown,
		 shown ? (const char *)text.data : "");
	while (t < &d->tallies[TALLIES_MAX - 1] && t->count && strcmp(t->text, words) != 0)
		t++;
	memcpy(t->text, words, sizeof(words));
	t->count++;
}

void subscriber_up(struct subscriber *s, usec_t now)
{
	struct dialers *d = s->dialers;

	s->spent = now - s->started;
	d->came_up++;
	d->last_up = now;
	timer_stop(&d->timers, &s->timer);
	subscriber_state(s, DIAL_UP);
}

void subscriber_over(struct subscriber *s, const char *what, struct bytes text, usec_t now)
{
	struct dialers *d = s->dialers;
	char words[64];

	snprintf(words, sizeof(words), "%s%s", s->state < DIAL_UP ? "before it was up: " : "",
		 what);
	tally(d, words, text);
	d->by_session[s->session] = NULL;
	timer_stop(&d->timers, &s->timer);
	subscriber_state(s, DIAL_ENDED);
	if (d->options.redial)
		subscriber_retry(s, d->options.redial, now);
}

static void dial(struct subscriber *s, usec_t now)
{
	s->dialers->dials++;
	s->started = now;
	s->deadline = now + s->dialers->options.timeout;
	pppoe_start(s, now);
}

static void give_up(struct subscriber *s, usec_t now)
{
	static const char *const missed[DIAL_STATE_MAX] = {
		[DIAL_PADI] = "no PADO",	 [DIAL_PADR] = "no PADS",
		[DIAL_LCP] = "LCP did not open", [DIAL_AUTH] = "nobody behind the LAC spoke",
		[DIAL_TERMINATING] = "hung up",
	};

	if (s->session)
		pppoe_padt(s);
	subscriber_over(s, missed[s->state], (struct bytes){0}, now);
}

static void on_timer(struct timer *timer, usec_t now)
{
	struct subscriber *s = container_of(timer, struct subscriber, timer);

	switch (s->state) {
	case DIAL_PADI:
	case DIAL_PADR:
	case DIAL_LCP:
	case DIAL_AUTH:
		if (now >= s->deadline)
			give_up(s, now);
		else if (s->state < DIAL_LCP)
			pppoe_again(s, now);
		else
			ppp_again(s, now);
		break;
	case DIAL_TERMINATING:
		give_up(s, now);
		break;
	case DIAL_ENDED:
		dial(s, now);
		break;
	case DIAL_IDLE:
	case DIAL_UP:
	case DIAL_STATE_MAX:
		break;
	}
}

static void hang_up(struct subscriber *s, usec_t now)
{
	if (s->state == DIAL_ENDED) {
		timer_stop(&s->dialers->timers, &s->timer);
		return;
	}
	if (s->state != DIAL_UP || s->dialers->options.hang_up == HANG_UP_PADT) {
		if (s->session)
			pppoe_padt(s);
		if (s->state != DIAL_IDLE)
			subscriber_over(s, "hung up", (struct bytes){0}, now);
		return;
	}
	if (s->dialers->options.hang_up == HANG_UP_SILENT) {
		subscriber_over(s, "left in silence", (struct bytes){0}, now);
		return;
	}
	subscriber_state(s, DIAL_TERMINATING);
	ppp_terminate(s);
	subscriber_retry(s, GOODBYE / 2, now);
}

/* --- the report ------------------------------------------------------------------------------ */

static int compare_usec(const void *a, const void *b)
{
	usec_t x = *(const usec_t *)a, y = *(const usec_t *)b;

	return x < y ? -1 : x > y;
}

static json_t *times_ms(const struct dialers *d)
{
	static usec_t spent[SESSIONS_MAX];
	unsigned int n = 0, half, late;

	for (unsigned int i = 0; i < d->options.count; i++)
		if (d->subscribers[i].spent)
			spent[n++] = d->subscribers[i].spent;
	if (!n)
		return json_null();
	qsort(spent, n, sizeof(spent[0]), compare_usec);
	half = n / 2;
	/* Slower than the 99th percentile. */
	late = n / 100;
	return json_pack("{sf sf sf}", "median", (double)spent[half] / 1000, "p99",
			 (double)spent[n - 1 - late] / 1000, "max", (double)spent[n - 1] / 1000);
}

static json_t *tallies(const struct dialers *d)
{
	json_t *all = json_object();

	for (const struct tally *t = d->tallies; t < &d->tallies[TALLIES_MAX] && t->count; t++)
		if (json_object_set_new(all, t->text, json_integer(t->count)))
			json_object_set_new(all, "not printable", json_integer(t->count));
	return all;
}

/* Seconds since the epoch, to be held against what others log. */
static json_t *wall_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return json_sprintf("%lld.%03ld", (long long)ts.tv_sec, ts.tv_nsec / 1000000);
}

static void report(const struct dialers *d, const char *event)
{
	double seconds = (double)(d->last_up - d->began) / (double)USEC_PER_SEC;
	json_t *line =
		json_pack("{ss so si si si si si si si so so sf sf}", "event", event, "at",
			  wall_clock(), "session", d->subscribers[0].session, "up",
			  d->in_state[DIAL_UP], "came_up", d->came_up, "dials", d->dials, "rx_pado",
			  d->rx_pado, "rx_pads", d->rx_pads, "rx_padt", d->rx_padt, "over",
			  tallies(d), "ms", times_ms(d), "seconds", d->last_up ? seconds : 0.0,
			  "rate", d->last_up > d->began ? (double)d->came_up / seconds : 0.0);

	if (!line)
		die("report");
	json_dumpf(line, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
	putchar('\n');
	fflush(stdout);
	json_decref(line);
}

/* --- all of them ----------------------------------------------------------------------------- */

static unsigned int dialling(const struct dialers *d)
{
	return d->in_state[DIAL_PADI] + d->in_state[DIAL_PADR] + d->in_state[DIAL_LCP] +
	       d->in_state[DIAL_AUTH];
}

static bool may_begin(const struct dialers *d, usec_t now)
{
	const struct options *o = &d->options;

	if (d->next >= o->count || (o->at_once && dialling(d) >= o->at_once))
		return false;
	return !o->rate || (now - d->began) * o->rate / USEC_PER_SEC >= d->next;
}

static void begin_more(struct dialers *d, usec_t now)
{
	for (int n = 0; n < BATCH && may_begin(d, now); n++)
		dial(&d->subscribers[d->next++], now);
}

static void receive(struct dialers *d)
{
	static uint8_t frames[BATCH][FRAME_MAX];
	struct mmsghdr messages[BATCH] = {0};
	struct iovec iov[BATCH];
	int count;

	for (int i = 0; i < BATCH; i++) {
		iov[i] = (struct iovec){frames[i], FRAME_MAX};
		messages[i].msg_hdr = (struct msghdr){.msg_iov = &iov[i], .msg_iovlen = 1};
	}
	count = recvmmsg(d->fd, messages, BATCH, MSG_DONTWAIT, NULL);
	for (int i = 0; i < count; i++)
		pppoe_input(d, (struct bytes){frames[i], messages[i].msg_len}, now_usec());
}

static void step(struct dialers *d)
{
	struct pollfd pfd = {.fd = d->fd, .events = POLLIN};
	usec_t left = timer_queue_next(&d->timers) - now_usec();
	int wait = left > TICK_MS * USEC_PER_MSEC ? TICK_MS : left > 0 ? (int)(left / 1000) + 1 : 0;

	if (may_begin(d, now_usec()))
		wait = 0;
	else if (d->next < d->options.count && wait > 1)
		wait = 1;
	if (poll(&pfd, 1, wait) > 0)
		receive(d);
	timer_queue_run(&d->timers, now_usec());
}

static void drop_all(struct dialers *d)
{
	for (unsigned int i = 0; i < d->next; i++)
		hang_up(&d->subscribers[i], now_usec());
}

static bool settled(const struct dialers *d)
{
	bool ended = d->options.redial ? d->in_state[DIAL_ENDED] == 0 : true;

	return d->next == d->options.count && !dialling(d) && ended;
}

static void run(struct dialers *d)
{
	usec_t end_at = USEC_NEVER;
	bool told = false;

	d->began = now_usec();
	/* From now on signals mean something. */
	report(d, "began");
	while (!wants_end && now_usec() < end_at) {
		begin_more(d, now_usec());
		step(d);
		if (wants_report)
			report(d, "now");
		wants_report = 0;
		if (wants_drop)
			drop_all(d);
		wants_drop = 0;
		if (!settled(d)) {
			told = false;
		} else if (!told) {
			told = true;
			report(d, "settled");
			if (d->options.hold != USEC_NEVER && end_at == USEC_NEVER)
				end_at = now_usec() + d->options.hold;
		}
	}
	d->options.redial = 0;
	d->next = d->options.count;
	drop_all(d);
	end_at = now_usec() + GOODBYE;
	while (d->in_state[DIAL_TERMINATING] && now_usec() < end_at)
		step(d);
	report(d, "end");
}

static void open_socket(struct dialers *d)
{
	struct ifreq ifr = {0};
	int one = 1, buffer = SOCKET_BUFFER;

	d->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, htons(ETH_P_ALL));
	if (d->fd == -1)
		die("socket");
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", d->options.interface);
	if (ioctl(d->fd, SIOCGIFHWADDR, &ifr) == -1)
		die(d->options.interface);
	memcpy(d->mac, ifr.ifr_hwaddr.sa_data, MAC_LEN);
	d->link = (struct sockaddr_ll){.sll_family = AF_PACKET,
				       .sll_protocol = htons(ETH_P_ALL),
				       .sll_ifindex = (int)if_nametoindex(ifr.ifr_name)};
	if (bind(d->fd, (const struct sockaddr *)&d->link, sizeof(d->link)) == -1 ||
	    setsockopt(d->fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof(one)) == -1 ||
	    setsockopt(d->fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof(buffer)) == -1 ||
	    setsockopt(d->fd, SOL_SOCKET, SO_SNDBUFFORCE, &buffer, sizeof(buffer)) == -1)
		die("packet socket");
}

static void make_subscribers(struct dialers *d)
{
	d->subscribers = calloc(d->options.count, sizeof(*d->subscribers));
	d->by_session = calloc(SESSIONS_MAX, sizeof(struct subscriber *));
	if (!d->subscribers || !d->by_session)
		die("calloc");
	d->in_state[DIAL_IDLE] = d->options.count;
	for (unsigned int i = 0; i < d->options.count; i++) {
		struct subscriber *s = &d->subscribers[i];

		s->dialers = d;
		s->number = d->options.first + i;
		timer_init(&s->timer, on_timer);
		memcpy(s->mac, d->mac, MAC_LEN);
		if (d->options.one_mac)
			continue;
		/* Locally administered, so nobody else's. */
		memcpy(s->mac, (const uint8_t[]){2, 0x5e, 0}, 3);
		s->mac[3] = (uint8_t)(s->number >> 16);
		s->mac[4] = (uint8_t)(s->number >> 8);
		s->mac[5] = (uint8_t)s->number;
	}
}

/* --- the program ----------------------------------------------------------------------------- */

int main(int argc, char **argv)
{
	static struct dialers d = {.options = {.count = 1,
					       .user = "user%@example.com",
					       .password = "secret",
					       .service = "",
					       .hold = USEC_NEVER,
					       .timeout = 30 * USEC_PER_SEC}};
	struct sigaction action = {.sa_handler = on_signal};
	unsigned int bad = parse_options(argc, argv, &d.options);

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	sigaction(SIGUSR1, &action, NULL);
	timer_queue_init(&d.timers);
	open_socket(&d);
	make_subscribers(&d);
	if (bad)
		return bad_frames(&d, bad);
	run(&d);
	return 0;
}
