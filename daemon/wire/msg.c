/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The message table: RFC 2661 section 3.2 and RFC 5515 section 4. Which AVPs a message carries
 * stands with the AVPs.
 */
#include "wire/msg.h"

#include <strings.h>

#include "wire/avp.h"

const struct msg_row msg_rows[MSG_TYPE_MAX] = {
	[MSG_ZLB] = {"ZLB", MSG_LEVEL_NONE},
	[MSG_SCCRQ] = {"SCCRQ", MSG_LEVEL_TUNNEL},
	[MSG_SCCRP] = {"SCCRP", MSG_LEVEL_TUNNEL},
	[MSG_SCCCN] = {"SCCCN", MSG_LEVEL_TUNNEL},
	[MSG_STOPCCN] = {"StopCCN", MSG_LEVEL_TUNNEL},
	[MSG_HELLO] = {"HELLO", MSG_LEVEL_TUNNEL},
	[MSG_OCRQ] = {"OCRQ", MSG_LEVEL_SESSION},
	[MSG_OCRP] = {"OCRP", MSG_LEVEL_SESSION},
	[MSG_OCCN] = {"OCCN", MSG_LEVEL_SESSION},
	[MSG_ICRQ] = {"ICRQ", MSG_LEVEL_SESSION},
	[MSG_ICRP] = {"ICRP", MSG_LEVEL_SESSION},
	[MSG_ICCN] = {"ICCN", MSG_LEVEL_SESSION},
	[MSG_CDN] = {"CDN", MSG_LEVEL_SESSION},
	[MSG_WEN] = {"WEN", MSG_LEVEL_SESSION},
	[MSG_SLI] = {"SLI", MSG_LEVEL_SESSION},
	[MSG_CSUN] = {"CSUN", MSG_LEVEL_TUNNEL, true},
	[MSG_CSURQ] = {"CSURQ", MSG_LEVEL_TUNNEL, true},
};

bool msg_type_known(unsigned int type)
{
	return type < MSG_TYPE_MAX && msg_rows[type].level != MSG_LEVEL_NONE;
}

bool msg_may_carry(enum msg_type type, enum avp_id id)
{
	return (avp_rows[id].required | avp_rows[id].optional) >> type & 1;
}

bool msg_is_session(enum msg_type type)
{
	return msg_type_known(type) && msg_rows[type].level == MSG_LEVEL_SESSION;
}

const char *msg_type_name(enum msg_type type)
{
	if ((unsigned int)type >= MSG_TYPE_MAX || !msg_rows[type].name)
		return "unknown message";
	return msg_rows[type].name;
}

enum msg_type msg_type_parse(const char *name)
{
	unsigned int type;

	for (type = 0; type < MSG_TYPE_MAX; type++) {
		if (msg_rows[type].name && strcasecmp(msg_rows[type].name, name) == 0)
			break;
	}
	return (enum msg_type)type;
}
