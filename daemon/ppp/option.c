/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Walks over Configuration Options. Data that would go beyond the packet spoils the whole packet,
 * RFC 1661 section 6.
 */
#include "ppp/option.h"

bool ppp_option_next(struct reader *r, struct ppp_option *ret)
{
	const uint8_t *start = r->pos;
	struct ppp_option option;
	uint8_t len;

	if (!reader_left(r))
		return false;
	option.type = reader_u8(r);
	len = reader_u8(r);
	if (len < PPP_OPTION_HEADER_LEN)
		r->ok = false;
	option.value = reader_bytes(r, (size_t)len - PPP_OPTION_HEADER_LEN);
	if (!r->ok)
		return false;
	option.whole = (struct bytes){start, len};
	*ret = option;
	return true;
}

bool ppp_options_valid(struct bytes options)
{
	struct reader r = reader_init(options.data, options.len);
	struct ppp_option option;

	while (ppp_option_next(&r, &option))
		;
	return r.ok;
}

bool ppp_option_find(struct bytes options, uint8_t type, struct ppp_option *ret)
{
	struct reader r = reader_init(options.data, options.len);
	struct ppp_option option;

	while (ppp_option_next(&r, &option))
		if (option.type == type) {
			*ret = option;
			return true;
		}
	return false;
}

bool ppp_options_within(struct bytes part, struct bytes all)
{
	struct reader r = reader_init(part.data, part.len);
	struct reader rest = reader_init(all.data, all.len);
	struct ppp_option wanted, option;

	while (ppp_option_next(&r, &wanted))
		do {
			if (!ppp_option_next(&rest, &option))
				return false;
		} while (!bytes_equal(wanted.whole, option.whole));
	return r.ok;
}
