/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of LCP's options: what each is called, and what we say to a peer who wants it.
 *
 * Rejected is what has no sense on Ethernet (RFC 2516 section 7: ACCM, ACFC and FCS MUST be, PFC
 * SHOULD be), what a tunnel's far end would have to know of (multilink, RFC 1990: it negotiates
 * that itself), and what we cannot do: to authenticate ourselves, to report quality, to call back.
 */
#include "ppp/lcp.h"

#include "ppp/option.h"

struct option_row {
	const char *name;
	/* Takes it or writes a whole option that would do; NULL: rejected. */
	enum lcp_verdict (*judge)(struct lcp *lcp, struct bytes value, struct writer *nak);
};

/* Never more than the link carries: RFC 2516 section 7, RFC 4638 5.1. */
static enum lcp_verdict judge_mru(struct lcp *lcp, struct bytes value, struct writer *nak)
{
	struct reader r = reader_init(value.data, value.len);
	uint16_t mru = reader_u16(&r);

	if (value.len == 2 && mru >= LCP_MRU_MIN && mru <= lcp->settings.mtu)
		return LCP_TAKE;
	writer_u8(nak, LCP_MRU);
	writer_u8(nak, PPP_OPTION_HEADER_LEN + 2);
	writer_u16(nak, value.len == 2 && mru < LCP_MRU_MIN ? LCP_MRU_MIN : lcp->settings.mtu);
	return LCP_NAK;
}

/* RFC 1661 6.4: one that is ours means that we may hear ourselves, and zero is none. */
static enum lcp_verdict judge_magic(struct lcp *lcp, struct bytes value, struct writer *nak)
{
	struct reader r = reader_init(value.data, value.len);
	uint32_t magic = reader_u32(&r);

	if (value.len == 4 && magic && !(lcp->wants_magic && magic == lcp->magic))
		return LCP_TAKE;
	do {
		lcp->ops->random(lcp, &lcp->naked_magic, sizeof(lcp->naked_magic));
		/* A generator that gives the same for ever must not stop us. */
		lcp->naked_magic += !lcp->naked_magic;
		lcp->naked_magic ^= lcp->naked_magic == lcp->magic ? 0x80000000 : 0;
	} while (!lcp->naked_magic);
	writer_u8(nak, LCP_MAGIC);
	writer_u8(nak, PPP_OPTION_HEADER_LEN + 4);
	writer_u32(nak, lcp->naked_magic);
	return LCP_NAK;
}

static const struct option_row rows[] = {
	[LCP_MRU] = {"mru", judge_mru},
	[LCP_ACCM] = {"accm", NULL},
	[LCP_AUTH] = {"auth", NULL},
	[LCP_QUALITY] = {"quality", NULL},
	[LCP_MAGIC] = {"magic", judge_magic},
	[LCP_PFC] = {"pfc", NULL},
	[LCP_ACFC] = {"acfc", NULL},
	[LCP_FCS] = {"fcs", NULL},
	[LCP_PADDING] = {"padding", NULL},
	[LCP_NUMBERED] = {"numbered", NULL},
	[LCP_CALLBACK] = {"callback", NULL},
	[LCP_COMPOUND] = {"compound", NULL},
	[LCP_MRRU] = {"mrru", NULL},
	[LCP_SHORT_SEQUENCE] = {"short-sequence", NULL},
	[LCP_ENDPOINT] = {"endpoint", NULL},
	[LCP_LINK_DISCRIMINATOR] = {"link-discriminator", NULL},
};

static const struct option_row *row_of(uint8_t type)
{
	return type < sizeof(rows) / sizeof(rows[0]) && rows[type].name ? &rows[type] : NULL;
}

const char *lcp_option_name(uint8_t type)
{
	const struct option_row *row = row_of(type);

	return row ? row->name : "option";
}

enum lcp_verdict lcp_judge_option(struct lcp *lcp, uint8_t type, struct bytes value,
				  struct writer *nak)
{
	const struct option_row *row = row_of(type);

	return row && row->judge ? row->judge(lcp, value, nak) : LCP_REFUSE;
}
