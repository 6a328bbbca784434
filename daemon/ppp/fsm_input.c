/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packets of a control protocol become events of its automaton: RFC 1661 section 5.
 *
 * What is malformed, out of sequence or answers what was not asked is discarded in silence and
 * does not touch the automaton, as 4.3 and 5.2 to 5.4 demand.
 */
#include "ppp/fsm.h"

#include <errno.h>

#include "ppp/option.h"

int ppp_packet_read(struct bytes bytes, struct ppp_packet *ret)
{
	struct reader r = reader_init(bytes.data, bytes.len);
	struct ppp_packet packet = {.code = reader_u8(&r), .id = reader_u8(&r)};
	uint16_t len = reader_u16(&r);

	if (!r.ok || len < PPP_PACKET_HEADER_LEN || len > bytes.len || len > PPP_PACKET_MAX)
		return -EBADMSG;
	packet.data = reader_bytes(&r, (size_t)len - PPP_PACKET_HEADER_LEN);
	packet.whole = (struct bytes){bytes.data, len};
	*ret = packet;
	return 0;
}

static int configure_request(struct ppp_fsm *fsm, const struct ppp_packet *packet, struct writer *w)
{
	if (!ppp_options_valid(packet->data))
		return -EBADMSG;
	/* Where nothing is negotiated it is no wish to think about. */
	if (fsm->state == PPP_CLOSED || fsm->state == PPP_CLOSING || fsm->state == PPP_STOPPING)
		return PPP_RCR_PLUS;
	fsm->answer = fsm->ops->judge(fsm, packet->data, w);
	fsm->answer_options = fsm->answer == PPP_CONFIGURE_ACK
				      ? packet->data
				      : (struct bytes){w->start, writer_len(w)};
	return fsm->answer == PPP_CONFIGURE_ACK ? PPP_RCR_PLUS : PPP_RCR_MINUS;
}

/* RFC 1661 5.2 to 5.4: of the last request, and an Ack or Reject has what the request had. */
static bool answers_request(const struct ppp_fsm *fsm, const struct ppp_packet *packet)
{
	const struct bytes request = {fsm->request, fsm->request_len};

	if (!fsm->awaited || packet->id != fsm->request_id)
		return false;
	if (packet->code == PPP_CONFIGURE_ACK)
		return bytes_equal(packet->data, request);
	if (packet->code == PPP_CONFIGURE_REJECT)
		return packet->data.len > 0 && ppp_options_within(packet->data, request);
	return ppp_options_valid(packet->data);
}

static int configure_answer(struct ppp_fsm *fsm, const struct ppp_packet *packet, usec_t now)
{
	/* Nobody asked: says that we are not there. */
	if (fsm->state == PPP_CLOSED || fsm->state == PPP_STOPPED)
		return packet->code == PPP_CONFIGURE_ACK ? PPP_RCA : PPP_RCN;
	if (!answers_request(fsm, packet))
		return -EBADMSG;
	fsm->awaited = false;
	if (packet->code == PPP_CONFIGURE_ACK) {
		fsm->ops->agreed(fsm);
		return PPP_RCA;
	}
	fsm->ops->refused(fsm, (enum ppp_code)packet->code, packet->data, now);
	return PPP_RCN;
}

/* RFC 1661 5.6: without one of the seven there is no negotiation. */
static int code_reject(const struct ppp_packet *packet)
{
	if (!packet->data.len)
		return -EBADMSG;
	return packet->data.data[0] >= PPP_CONFIGURE_REQUEST &&
			       packet->data.data[0] <= PPP_CODE_REJECT
		       ? PPP_RXJ_MINUS
		       : PPP_RXJ_PLUS;
}

/* The event that a packet is, or -EBADMSG when it is discarded. */
static int event_of(struct ppp_fsm *fsm, const struct ppp_packet *packet, struct writer *w,
		    usec_t now)
{
	switch (packet->code) {
	case PPP_CONFIGURE_REQUEST:
		return configure_request(fsm, packet, w);
	case PPP_CONFIGURE_ACK:
	case PPP_CONFIGURE_NAK:
	case PPP_CONFIGURE_REJECT:
		return configure_answer(fsm, packet, now);
	case PPP_TERMINATE_REQUEST:
		return PPP_RTR;
	case PPP_TERMINATE_ACK:
		return PPP_RTA;
	case PPP_CODE_REJECT:
		return code_reject(packet);
	default:
		return fsm->ops->extended ? fsm->ops->extended(fsm, packet, now) : PPP_RUC;
	}
}

void ppp_fsm_input(struct ppp_fsm *fsm, struct bytes bytes, usec_t now)
{
	uint8_t options[PPP_DEFAULT_MRU - PPP_PACKET_HEADER_LEN];
	struct writer w = writer_init(options, sizeof(options));
	struct ppp_packet packet;
	enum ppp_state before;
	int event;

	if (fsm->state == PPP_INITIAL || fsm->state == PPP_STARTING ||
	    ppp_packet_read(bytes, &packet)) {
		fsm->discarded++;
		return;
	}
	fsm->packet = &packet;
	before = fsm->state;
	event = event_of(fsm, &packet, &w, now);
	/* A hook that closed it has had its transition. */
	if (event < 0)
		fsm->discarded++;
	else if (fsm->state == before)
		ppp_fsm_event(fsm, (enum ppp_event)event, now);
	fsm->packet = NULL;
}
