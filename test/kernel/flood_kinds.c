/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a flood consists of. Everything an outsider can send, and everything somebody can who
 * overheard the LAC once and forges its address, but for one thing: a message with the ids, the
 * addresses and the very Ns that the LNS expects next is the LAC's as far as RFC 2661 can tell
 * (section 9.2 leaves that to IPsec).
 */
#include "flood.h"

#include <string.h>

#include "wire/header.h"

#define M_BIT 0x8000
#define AVP_HEADER_LEN 6

/* Farther ahead than any window, and never as far as a message that was sent already. */
#define NS_AHEAD 2000
#define NS_AHEAD_RANGE 20000

static uint64_t state;

void flood_seed(uint64_t seed)
{
	state = seed * 2 + 1;
}

/* The generator xorshift64* (Vigna): fast, and good enough for noise. */
uint32_t flood_random(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (uint32_t)((state * 0x2545f4914f6cdd1dULL) >> 32);
}

static size_t random_below(size_t limit)
{
	return (size_t)(((uint64_t)flood_random() * limit) >> 32);
}

/* Of 11.0.0.0 to 126.255.255.255: a source that routers would let pass. */
static struct flood_source random_source(void)
{
	return (struct flood_source){
		.ip = ((uint32_t)(11 + random_below(116)) << 24) | (flood_random() >> 8),
		.port = (uint16_t)(1024 + random_below(64000)),
	};
}

static const struct overheard *any_message(const struct flood_capture *capture)
{
	return &capture->messages[random_below(capture->count)];
}

static const struct overheard *any_for_tunnel(const struct flood_capture *capture)
{
	return capture->for_tunnel[random_below(capture->n_for_tunnel)];
}

static void put_avp(struct writer *w, uint16_t type, struct bytes value)
{
	writer_u16(w, (uint16_t)(M_BIT | (AVP_HEADER_LEN + value.len)));
	writer_u16(w, 0);
	writer_u16(w, type);
	writer_bytes(w, value);
}

static void put_u16(struct writer *w, uint16_t type, uint16_t value)
{
	uint8_t octets[2] = {(uint8_t)(value >> 8), (uint8_t)value};

	put_avp(w, type, (struct bytes){octets, sizeof(octets)});
}

static struct writer begin(struct flood_packet *ret, const struct control_header *header)
{
	struct writer w = writer_init(ret->payload, sizeof(ret->payload));

	control_header_write(&w, header);
	return w;
}

static void finish(struct writer *w, struct flood_packet *ret)
{
	control_header_finish(w);
	ret->len = writer_len(w);
}

/* Half of them with a Challenge, whose answer costs a digest. */
static void put_sccrq(struct flood_packet *ret)
{
	const struct control_header header = {.version = 2};
	struct writer w = begin(ret, &header);
	uint8_t framing[4] = {0, 0, 0, 3}, challenge[16];

	put_u16(&w, 0, 1);
	put_u16(&w, 2, 0x0100);
	put_avp(&w, 3, (struct bytes){framing, sizeof(framing)});
	put_avp(&w, 7, bytes_str("stranger.example"));
	put_u16(&w, 9, (uint16_t)(1 + random_below(65535)));
	put_u16(&w, 10, 8);
	if (flood_random() & 1) {
		for (size_t i = 0; i < sizeof(challenge); i++)
			challenge[i] = (uint8_t)flood_random();
		put_avp(&w, 11, (struct bytes){challenge, sizeof(challenge)});
	}
	finish(&w, ret);
}

static void make_sccrq(const struct flood_capture *capture, struct flood_packet *ret)
{
	(void)capture;
	ret->source = random_source();
	put_sccrq(ret);
}

/* In the LAC's name: what it begins must do no harm to what the LAC has. */
static void make_impostor(const struct flood_capture *capture, struct flood_packet *ret)
{
	ret->source = any_message(capture)->source;
	put_sccrq(ret);
}

static void make_garbage(const struct flood_capture *capture, struct flood_packet *ret)
{
	(void)capture;
	ret->source = random_source();
	ret->len = random_below(200);
	for (size_t i = 0; i < ret->len; i++)
		ret->payload[i] = (uint8_t)flood_random();
	/* Every other one with a header that is nearly good, so that what is behind it is read. */
	if (ret->len >= CONTROL_HEADER_LEN && flood_random() & 1) {
		memcpy(ret->payload, (uint8_t[]){0xc8, 0x02, 0, (uint8_t)ret->len}, 4);
		memset(ret->payload + 4, 0, 2);
	}
}

static void copy(const struct overheard *message, struct flood_packet *ret)
{
	ret->source = message->source;
	ret->len = message->len;
	memcpy(ret->payload, message->payload, message->len);
}

static void make_replay(const struct flood_capture *capture, struct flood_packet *ret)
{
	copy(any_message(capture), ret);
}

static void make_truncated(const struct flood_capture *capture, struct flood_packet *ret)
{
	copy(any_message(capture), ret);
	ret->len = random_below(ret->len);
	if (flood_random() & 1)
		ret->source = random_source();
}

/* With the LAC's ids, from elsewhere. */
static void make_stolen(const struct flood_capture *capture, struct flood_packet *ret)
{
	copy(any_for_tunnel(capture), ret);
	ret->source = random_source();
}

static void put_end(struct flood_packet *ret, const struct control_header *header, bool stopccn,
		    uint16_t id)
{
	struct writer w = begin(ret, header);

	put_u16(&w, 0, stopccn ? 4 : 14);
	put_u16(&w, 1, stopccn ? 1 : 3);
	put_u16(&w, stopccn ? 9 : 14, id);
	finish(&w, ret);
}

/* StopCCN or CDN for a tunnel that nobody has, or that somebody else has. */
static void make_end_wrong_ids(const struct flood_capture *capture, struct flood_packet *ret)
{
	const struct overheard *message = any_for_tunnel(capture);
	struct control_header header = {
		.version = 2,
		.tunnel_id = flood_random() & 1 ? message->tunnel_id : flood_random() >> 16,
		.session_id = (uint16_t)flood_random(),
		.ns = message->ns,
		.nr = (uint16_t)flood_random(),
	};

	ret->source = random_source();
	put_end(ret, &header, flood_random() & 1, (uint16_t)flood_random());
}

/* All of it right but for Ns, which nobody can know who did not listen just now. */
static void make_end_wrong_ns(const struct flood_capture *capture, struct flood_packet *ret)
{
	const struct overheard *message = any_for_tunnel(capture);
	struct control_header header = {
		.version = 2,
		.tunnel_id = message->tunnel_id,
		.session_id = message->session_id,
		.ns = (uint16_t)(message->ns + NS_AHEAD + random_below(NS_AHEAD_RANGE)),
		.nr = (uint16_t)flood_random(),
	};

	ret->source = message->source;
	put_end(ret, &header, flood_random() & 1, message->session_id);
}

/* Data for sessions that do not exist: the kernel hands it to the daemon. */
static void make_data(const struct flood_capture *capture, struct flood_packet *ret)
{
	const struct overheard *message = any_for_tunnel(capture);
	struct writer w = writer_init(ret->payload, sizeof(ret->payload));

	ret->source = flood_random() & 1 ? message->source : random_source();
	writer_u16(&w, 2);
	writer_u16(&w, message->tunnel_id);
	writer_u16(&w, 0);
	writer_u32(&w, 0xff03c021);
	writer_u32(&w, 0x09010004);
	ret->len = writer_len(&w);
}

const struct flood_kind flood_kinds[] = {
	{"SCCRQ", 11, make_sccrq},
	{"SCCRQ in the LAC's name", 1, make_impostor},
	{"garbage", 1, make_garbage},
	{"replayed", 1, make_replay},
	{"truncated", 1, make_truncated},
	{"from elsewhere", 1, make_stolen},
	{"StopCCN and CDN, wrong ids", 2, make_end_wrong_ids},
	{"StopCCN and CDN, wrong Ns", 1, make_end_wrong_ns},
	{"data", 1, make_data},
};

const size_t flood_n_kinds = sizeof(flood_kinds) / sizeof(flood_kinds[0]);
