/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The access node's tag: vendor 3561 (the Broadband Forum), sub-tags of one octet type and one
 * octet length (TR-101 appendices A and B; the values as in RFC 4679 section 3.3).
 *
 * A sub-tag of a wrong length is as good as not told; one that is cut off, or that stands there
 * twice, is a false frame. Sub-tags without a row are somebody else's news.
 */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "pppoe/packet.h"

#define VENDOR_BROADBAND_FORUM 3561

enum kind { NOT_KNOWN, TEXT, NUMBER, ENCAPSULATION, FLAG };

#define KINDS (LINE_IWF_SESSION + 1)

/* By sub-tag. */
static const uint8_t kinds[KINDS] = {
	[LINE_CIRCUIT_ID] = TEXT,
	[LINE_REMOTE_ID] = TEXT,
	[LINE_ACTUAL_UP] = NUMBER,
	[LINE_ACTUAL_DOWN] = NUMBER,
	[LINE_MINIMUM_UP] = NUMBER,
	[LINE_MINIMUM_DOWN] = NUMBER,
	[LINE_ATTAINABLE_UP] = NUMBER,
	[LINE_ATTAINABLE_DOWN] = NUMBER,
	[LINE_MAXIMUM_UP] = NUMBER,
	[LINE_MAXIMUM_DOWN] = NUMBER,
	[LINE_MINIMUM_UP_LOW_POWER] = NUMBER,
	[LINE_MINIMUM_DOWN_LOW_POWER] = NUMBER,
	[LINE_MAXIMUM_DELAY_UP] = NUMBER,
	[LINE_ACTUAL_DELAY_UP] = NUMBER,
	[LINE_MAXIMUM_DELAY_DOWN] = NUMBER,
	[LINE_ACTUAL_DELAY_DOWN] = NUMBER,
	[LINE_ENCAPSULATION] = ENCAPSULATION,
	[LINE_IWF_SESSION] = FLAG,
};

static void take_text(char text[static LINE_TEXT_MAX], struct bytes value)
{
	if (value.len < LINE_TEXT_MAX)
		text_copy(text, LINE_TEXT_MAX, value);
}

static void take_number(struct access_line *line, unsigned int n, struct bytes value)
{
	struct reader r = reader_init(value.data, value.len);

	if (value.len != sizeof(uint32_t))
		return;
	line->numbers[n] = reader_u32(&r);
	line->present |= UINT32_C(1) << n;
}

static void take(struct access_line *line, uint8_t type, struct bytes value)
{
	switch ((enum kind)kinds[type]) {
	case TEXT:
		take_text(type == LINE_CIRCUIT_ID ? line->circuit_id : line->remote_id, value);
		break;
	case NUMBER:
		take_number(line, type - LINE_NUMBER_FIRST, value);
		break;
	case ENCAPSULATION:
		line->has_encapsulation = value.len == sizeof(line->encapsulation);
		if (line->has_encapsulation)
			memcpy(line->encapsulation, value.data, value.len);
		break;
	case FLAG:
		line->iwf_session = true;
		break;
	case NOT_KNOWN:
		break;
	}
}

int pppoe_parse_line(struct bytes value, struct access_line *ret, bool *ret_is_line)
{
	struct reader r = reader_init(value.data, value.len);
	struct access_line line = {0};
	bool seen[KINDS] = {0};

	if (reader_u32(&r) != VENDOR_BROADBAND_FORUM || !r.ok) {
		*ret_is_line = false;
		return r.ok ? 0 : -EBADMSG;
	}
	while (reader_left(&r)) {
		uint8_t type = reader_u8(&r);
		struct bytes sub = reader_bytes(&r, reader_u8(&r));

		if (!r.ok)
			return -EBADMSG;
		if (type >= KINDS || kinds[type] == NOT_KNOWN)
			continue;
		if (seen[type])
			return -EBADMSG;
		seen[type] = true;
		take(&line, type, sub);
	}
	*ret = line;
	*ret_is_line = true;
	return 0;
}
