/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The language of fuzz_transport.c, for the seeds too.
 *
 * An input is a head of TRANSPORT_HEAD_LEN octets: flags, receive window, retransmissions, hello
 * interval in seconds, first Ns and first Nr with two octets each. Operations follow, each an octet
 * (modulo TRANSPORT_OP_MAX) and its arguments, one octet each. Corpora live on: append only.
 */
#pragma once

#define TRANSPORT_HEAD_LEN 8

/* Two transports talk over a network; else one hears whatever the input says. */
#define TRANSPORT_PAIR 1
/* Callbacks that may free the transport do. */
#define TRANSPORT_FREES 2

enum transport_op {
	TRANSPORT_SEND,	  /* side, number of messages, what their delivery does */
	TRANSPORT_RX,	  /* Ns and Nr relative to the right ones, body: 0 none (alone only) */
	TRANSPORT_TIME,	  /* in units of 50 ms */
	TRANSPORT_ARRIVE, /* which of the packets under way */
	TRANSPORT_LOSE,	  /* which */
	TRANSPORT_DOUBLE, /* which */
	TRANSPORT_WINDOW, /* side, the peer's window */
	TRANSPORT_CANCEL, /* side */
	TRANSPORT_CLOSE,  /* side */
	TRANSPORT_MUTE,	  /* (alone only) */
	TRANSPORT_CONFIG, /* side, hello interval in seconds, retransmissions */
	TRANSPORT_MEMORY, /* which allocation from now on fails (alone only) */
	TRANSPORT_OP_MAX,
};

/* What the delivery of a message does, modulo TRANSPORT_DO_MAX; the last two alone only. */
enum transport_do {
	TRANSPORT_DO_NOTHING,
	TRANSPORT_DO_ANSWER,
	TRANSPORT_DO_CLOSE,
	TRANSPORT_DO_WINDOW,
	TRANSPORT_DO_CANCEL,
	TRANSPORT_DO_MUTE,
	TRANSPORT_DO_FINI,
	TRANSPORT_DO_MAX,
};
