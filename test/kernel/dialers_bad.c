/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dialers: frames that no access concentrator should fall for, each a row of a table.
 */
#include <jansson.h>
#include <netinet/ether.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "dialers.h"

#define ANSWER_MS 30
#define ETHER_LEN 14

/* What follows the EtherType of discovery: version and type, code, session, length, tags. */
struct bad_frame {
	const char *name;
	const char *data;
	size_t len;
};

#define FRAME(bytes) bytes, sizeof(bytes) - 1
#define SERVICE "\x01\x01\x00\x00"
#define HOST_UNIQ "\x01\x03\x00\x04\x00\x00\x00\x07"

static const struct bad_frame frames[] = {
	{"nothing at all", FRAME("")},
	{"a header that is cut", FRAME("\x11\x09\x00\x00\x00")},
	{"a length beyond the end", FRAME("\x11\x09\x00\x00\x00\xff" SERVICE)},
	{"a length that cuts a tag", FRAME("\x11\x09\x00\x00\x00\x03" SERVICE)},
	{"a tag beyond the end", FRAME("\x11\x09\x00\x00\x00\x08\x01\x01\x00\xf0\x00\x00\x00\x00")},
	{"two Host-Uniq", FRAME("\x11\x09\x00\x00\x00\x14" SERVICE HOST_UNIQ HOST_UNIQ)},
	{"two Service-Name", FRAME("\x11\x09\x00\x00\x00\x08" SERVICE SERVICE)},
	{"no Service-Name", FRAME("\x11\x09\x00\x00\x00\x08" HOST_UNIQ)},
	{"a PADI with a session", FRAME("\x11\x09\x00\x05\x00\x04" SERVICE)},
	{"version 2", FRAME("\x21\x09\x00\x00\x00\x04" SERVICE)},
	{"a code of nobody", FRAME("\x11\x33\x00\x00\x00\x04" SERVICE)},
	{"a PADO", FRAME("\x11\x07\x00\x00\x00\x04" SERVICE)},
	{"a PADS", FRAME("\x11\x65\x00\x05\x00\x04" SERVICE)},
	{"a PADR without a cookie", FRAME("\x11\x19\x00\x00\x00\x0c" SERVICE HOST_UNIQ)},
	{"a PADR with a wrong cookie", FRAME("\x11\x19\x00\x00\x00\x18" SERVICE HOST_UNIQ
					     "\x01\x04\x00\x08\x01\x02\x03\x04\x05\x06\x07\x08")},
	{"a PADT of no session", FRAME("\x11\xa7\xff\xf0\x00\x00")},
};

static const uint8_t everybody[MAC_LEN] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

static bool is_padi(const struct bad_frame *bad)
{
	return bad->len < 2 || bad->data[1] == 0x09;
}

static void send_frame(struct dialers *d, const struct bad_frame *bad, const uint8_t *ac)
{
	uint8_t data[FRAME_MAX];
	struct writer w = writer_init(data, sizeof(data));

	writer_bytes(&w, (struct bytes){is_padi(bad) ? everybody : ac, MAC_LEN});
	writer_bytes(&w, (struct bytes){d->mac, MAC_LEN});
	writer_u16(&w, ETHER_DISCOVERY);
	writer_bytes(&w, (struct bytes){(const uint8_t *)bad->data, bad->len});
	dialers_send(d, &w);
}

/* A PADO, a PADS with a session, or a PADT; a PADS that refuses is no harm. */
static bool is_answer(struct bytes frame)
{
	struct reader r = reader_init(frame.data, frame.len);
	uint16_t type, session;
	uint8_t code;

	reader_skip(&r, ETHER_LEN - 2);
	type = reader_u16(&r);
	reader_skip(&r, 1);
	code = reader_u8(&r);
	session = reader_u16(&r);
	return r.ok && type == ETHER_DISCOVERY && (code != 0x65 || session != 0);
}

static bool answers(struct dialers *d)
{
	struct pollfd pfd = {.fd = d->fd, .events = POLLIN};
	uint8_t data[FRAME_MAX];
	bool any = false;
	ssize_t len;

	while (poll(&pfd, 1, ANSWER_MS) > 0) {
		len = recv(d->fd, data, sizeof(data), 0);
		if (len > 0 && is_answer((struct bytes){data, (size_t)len}))
			any = true;
	}
	return any;
}

int bad_frames(struct dialers *d, unsigned int times)
{
	const struct ether_addr *ac = ether_aton(d->options.ac ? d->options.ac : "");
	json_t *answered = json_array(), *line;
	unsigned int sent = 0;

	if (!ac) {
		fprintf(stderr, "dialers: --bad-frames needs --ac\n");
		return 2;
	}
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		for (unsigned int n = 0; n < times; n++, sent++)
			send_frame(d, &frames[i], ac->ether_addr_octet);
		if (answers(d))
			json_array_append_new(answered, json_string(frames[i].name));
	}
	line = json_pack("{si so}", "sent", sent, "answered", answered);
	if (!line)
		return 1;
	json_dumpf(line, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(line);
	return 0;
}
