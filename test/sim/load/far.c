/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Peers that cost next to nothing: fixed messages with the numbers filled in, and the two AVPs of
 * an answer that matter.
 */
#include <string.h>

#include "test/sim/load/load.h"

static struct writer begin(struct load *load, struct far *far, uint16_t session_id,
			   enum msg_type type)
{
	struct packet *packet = &load->in[load->n_in];
	const struct control_header header = {
		.version = 2,
		.tunnel_id = far->tunnel_id,
		.session_id = session_id,
		.ns = far->ns,
		.nr = far->nr,
	};
	struct writer w = writer_init(packet->data, sizeof(packet->data));

	packet->far = far;
	control_header_write(&w, &header);
	if (type == MSG_ZLB)
		return w;
	far->ns++;
	writer_u16(&w, 0x8008);
	writer_u16(&w, 0);
	writer_u16(&w, 0);
	writer_u16(&w, (uint16_t)type);
	return w;
}

static void end(struct load *load, struct writer *w)
{
	control_header_finish(w);
	load->in[load->n_in++].len = (uint16_t)writer_len(w);
}

static void put_u16(struct writer *w, uint16_t type, uint16_t value)
{
	writer_u16(w, 0x8008);
	writer_u16(w, 0);
	writer_u16(w, type);
	writer_u16(w, value);
}

static void put_u32(struct writer *w, uint16_t type, uint32_t value)
{
	writer_u16(w, 0x800a);
	writer_u16(w, 0);
	writer_u16(w, type);
	writer_u32(w, value);
}

static void put_text(struct writer *w, uint16_t type, const char *text)
{
	struct bytes value = bytes_str(text);

	writer_u16(w, (uint16_t)(0x8006 + value.len));
	writer_u16(w, 0);
	writer_u16(w, type);
	writer_bytes(w, value);
}

/* What SCCRQ and SCCRP have in common. */
static void describe(struct load *load, const struct far *far, struct writer *w)
{
	put_u16(w, 2, 0x0100);
	put_u32(w, 3, FRAMING_SYNC | FRAMING_ASYNC);
	put_text(w, 7, "load");
	put_u16(w, 9, (uint16_t)(1 + (far - load->fars)));
	put_u16(w, 10, 1024);
}

void far_request_tunnel(struct load *load, struct far *far)
{
	struct writer w = begin(load, far, 0, MSG_SCCRQ);

	describe(load, far, &w);
	end(load, &w);
}

void far_request_call(struct load *load, struct far *far, uint16_t id)
{
	struct writer w = begin(load, far, 0, MSG_ICRQ);

	put_u16(&w, 14, id);
	put_u32(&w, 15, 1000 + id);
	put_text(&w, 21, "5551234");
	put_text(&w, 22, "5554321");
	end(load, &w);
}

void far_disconnect(struct load *load, struct far *far, uint16_t id)
{
	struct writer w = begin(load, far, far->session_ids[id], MSG_CDN);

	put_u16(&w, 1, 3);
	put_u16(&w, 14, id);
	end(load, &w);
}

static void say(struct load *load, struct far *far, uint16_t session_id, enum msg_type type)
{
	struct writer w = begin(load, far, session_id, type);

	if (type == MSG_ICRP)
		put_u16(&w, 14, far->next_id++);
	if (type == MSG_SCCRP)
		describe(load, far, &w);
	if (type == MSG_ICCN) {
		put_u32(&w, 24, 1000000000);
		put_u32(&w, 19, FRAMING_SYNC);
	}
	end(load, &w);
}

/* Of an AVP with two octets; 0 when it is not there. */
static uint16_t find_u16(struct reader r, uint16_t wanted)
{
	while (reader_left(&r) && r.ok) {
		size_t len = reader_u16(&r) & 0x3ff;
		struct reader value = reader_sub(&r, len - 2);

		reader_u16(&value);
		if (reader_u16(&value) == wanted)
			return reader_u16(&value);
	}
	return 0;
}

static void answer(struct load *load, const struct packet *packet)
{
	struct reader r = reader_init(packet->data, packet->len);
	struct far *far = packet->far;
	uint16_t id, session_id;
	enum msg_type type;

	reader_skip(&r, 6);
	session_id = reader_u16(&r);
	id = reader_u16(&r);
	reader_u16(&r);
	if (!reader_left(&r))
		return;
	far->nr = (uint16_t)(id + 1);
	type = (enum msg_type)find_u16(r, 0);
	if (type == MSG_SCCRP || type == MSG_SCCRQ) {
		far->tunnel_id = find_u16(r, 9);
		say(load, far, 0, type == MSG_SCCRP ? MSG_SCCCN : MSG_SCCRP);
	} else if (type == MSG_ICRP) {
		far->session_ids[session_id] = find_u16(r, 14);
		say(load, far, far->session_ids[session_id], MSG_ICCN);
	} else if (type == MSG_ICRQ) {
		say(load, far, find_u16(r, 14), MSG_ICRP);
	} else {
		say(load, far, 0, MSG_ZLB);
	}
}

void far_answer(struct load *load)
{
	for (size_t i = 0; i < load->n_out; i++)
		answer(load, &load->out[i]);
	load->n_out = 0;
}
