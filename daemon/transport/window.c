/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sequence numbers and the send window, RFC 2661 section 5.8 and appendix A.
 *
 * The congestion window starts at one message and grows by one with each acknowledgement (slow
 * start) up to a threshold, from there by one with each window full of acknowledgements. A
 * retransmission halves the threshold and starts over. The window the peer advertised bounds both.
 */
#include "transport/window.h"

/* Half of a window of one or two would leave no slow start (Stevens, TCP/IP Illustrated, 21.6). */
#define THRESHOLD_LEAST 2

int seq_compare(uint16_t a, uint16_t b)
{
	int16_t distance = (int16_t)(uint16_t)(a - b);

	return (distance > 0) - (distance < 0);
}

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

void window_init(struct transport *t)
{
	t->cwnd = 1;
	transport_set_peer_window(t, TRANSPORT_PEER_WINDOW_DEFAULT);
}

void transport_set_peer_window(struct transport *t, uint16_t window)
{
	t->peer_window = (uint16_t)least(window ? window : 1, TRANSPORT_WINDOW_MAX);
	t->ssthresh = t->peer_window;
	t->cwnd = least(t->cwnd, t->peer_window);
	t->cwnd_credit = 0;
}

unsigned int window_room(const struct transport *t)
{
	/* More than cwnd are under way after a loss, more than peer_window when that shrank. */
	return t->in_flight < t->cwnd ? t->cwnd - t->in_flight : 0;
}

void window_grow(struct transport *t)
{
	if (t->cwnd >= t->peer_window)
		return;
	if (t->cwnd >= t->ssthresh && ++t->cwnd_credit < t->cwnd)
		return;
	t->cwnd_credit = 0;
	t->cwnd++;
}

void window_cut(struct transport *t)
{
	t->ssthresh = t->cwnd / 2 > THRESHOLD_LEAST ? t->cwnd / 2 : THRESHOLD_LEAST;
	t->cwnd = 1;
	t->cwnd_credit = 0;
}
