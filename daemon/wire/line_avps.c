/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What messages tell of a subscriber's line, as a whole (RFC 5515 section 5), and of its speeds
 * (section 6.1).
 */
#include <stddef.h>
#include <string.h>

#include "wire/avp.h"

/* The order of both is that of the numbers on the wire. */
static enum avp_id avp_of_number(unsigned int n)
{
	return (enum avp_id)(AVP_LINE_ACTUAL_UP + n);
}

bool msg_line(const struct l2tp_msg *msg, struct access_line *ret)
{
	struct access_line line = msg->line;
	bool told = false;

	for (unsigned int id = AVP_LINE_CIRCUIT_ID; id <= AVP_LINE_IWF_SESSION; id++)
		told |= msg_has(msg, (enum avp_id)id);
	if (!told)
		return false;
	line.present = 0;
	for (unsigned int n = 0; n < LINE_NUMBER_MAX; n++)
		line.present |= (uint32_t)msg_has(msg, avp_of_number(n)) << n;
	line.has_encapsulation = msg_has(msg, AVP_LINE_ENCAPSULATION);
	*ret = line;
	return true;
}

/* RFC 5515 5.1 and 5.2: at least two octets. */
static void tell_text(struct l2tp_msg *msg, enum avp_id id, const char *text)
{
	if (strlen(text) >= avp_rows[id].least)
		avp_add(&msg->present, id);
}

void msg_set_line(struct l2tp_msg *msg, const struct access_line *line)
{
	msg->line = *line;
	tell_text(msg, AVP_LINE_CIRCUIT_ID, line->circuit_id);
	tell_text(msg, AVP_LINE_REMOTE_ID, line->remote_id);
	for (unsigned int n = 0; n < LINE_NUMBER_MAX; n++) {
		if (line->present >> n & 1)
			avp_add(&msg->present, avp_of_number(n));
	}
	if (line->has_encapsulation)
		avp_add(&msg->present, AVP_LINE_ENCAPSULATION);
	if (line->type)
		avp_add(&msg->present, AVP_LINE_TYPE);
	if (line->iwf_session)
		avp_add(&msg->present, AVP_LINE_IWF_SESSION);
}

struct speed_update speed_update_of(struct bytes value)
{
	struct reader r = reader_init(value.data, value.len);
	struct speed_update update;

	reader_skip(&r, 2);
	update.session_id = reader_u16(&r);
	update.tx = reader_u32(&r);
	update.rx = reader_u32(&r);
	return update;
}

struct speed_update msg_speed_update(const struct l2tp_msg *msg, unsigned int i)
{
	return speed_update_of(msg->connect_speed_update.values[i]);
}

bool msg_add_speed_update(struct l2tp_msg *msg, const struct speed_update *update,
			  uint8_t data[static SPEED_UPDATE_LEN])
{
	struct avp_list *list = &msg->connect_speed_update;
	struct writer w = writer_init(data, SPEED_UPDATE_LEN);

	if (list->n == AVP_LIST_MAX)
		return false;
	writer_u16(&w, 0);
	writer_u16(&w, update->session_id);
	writer_u32(&w, update->tx);
	writer_u32(&w, update->rx);
	list->values[list->n++] = (struct bytes){data, SPEED_UPDATE_LEN};
	avp_add(&msg->present, AVP_CONNECT_SPEED_UPDATE);
	return true;
}
