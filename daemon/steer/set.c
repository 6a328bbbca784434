/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sets of tunnels: RFC 2868 section 3 (tags, up to 31 of them) and 3.8 (preference).
 *
 * A server is compared as text, so it is brought into one form first: two spellings of an address,
 * or of a name, are one LNS.
 */
#include "steer/set.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "steer/private.h"

struct steer_set *steer_set_new(void)
{
	struct steer_set *set = mem_alloc(sizeof(*set));

	if (set)
		set->refs = 1;
	return set;
}

struct steer_set *steer_set_ref(struct steer_set *set)
{
	set->refs++;
	return set;
}

void steer_tunnel_clear(struct steer_tunnel *tunnel)
{
	mem_free(tunnel->name);
	mem_free(tunnel->server);
	mem_free(tunnel->assignment_id);
	mem_free(tunnel->private_group);
	peer_unref(tunnel->peer);
	*tunnel = (struct steer_tunnel){0};
}

void steer_set_unref(struct steer_set *set)
{
	if (!set || --set->refs)
		return;
	for (size_t i = 0; i < set->n; i++)
		steer_tunnel_clear(&set->tunnels[i]);
	mem_free(set);
}

static int copy_text(const char *from, char **ret)
{
	if (!from)
		return 0;
	*ret = text_new(bytes_str(from));
	return *ret ? 0 : -ENOMEM;
}

int steer_tunnel_copy(const struct steer_tunnel *from, struct steer_tunnel *ret)
{
	struct steer_tunnel copy = *from;

	copy.name = copy.server = copy.assignment_id = copy.private_group = NULL;
	copy.peer = from->peer ? peer_ref(from->peer) : NULL;
	if (copy_text(from->name, &copy.name) < 0 || copy_text(from->server, &copy.server) < 0 ||
	    copy_text(from->assignment_id, &copy.assignment_id) < 0 ||
	    copy_text(from->private_group, &copy.private_group) < 0) {
		steer_tunnel_clear(&copy);
		return -ENOMEM;
	}
	*ret = copy;
	return 0;
}

struct steer_tunnel *steer_set_add(struct steer_set *set)
{
	if (set->n == STEER_TUNNELS_MAX)
		return NULL;
	set->tunnels[set->n] = (struct steer_tunnel){0};
	return &set->tunnels[set->n++];
}

uint32_t steer_level(const struct steer_set *set, size_t i)
{
	uint32_t level = 0;

	for (size_t k = 1; k <= i; k++)
		level += set->tunnels[k].preference != set->tunnels[k - 1].preference;
	return level;
}

int steer_server_name(const char *text, char ret[static STEER_SERVER_MAX])
{
	char host[ADDR_TEXT_MAX];
	struct addr addr;
	size_t i;

	if (addr_parse(text, &addr) == 0) {
		snprintf(ret, STEER_SERVER_MAX, "%s", addr_format_host(&addr, host));
		return 0;
	}
	for (i = 0; text[i]; i++) {
		if (i == STEER_SERVER_MAX - 1 || text[i] <= ' ' || text[i] > '~')
			return -EINVAL;
		ret[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] | 0x20 : text[i]);
	}
	ret[i] = 0;
	return i ? 0 : -EINVAL;
}

/* Stable, so that the order of the file or the answer stays within a level. */
static void sort(struct steer_set *set)
{
	struct steer_tunnel moved;

	for (size_t i = 1, k; i < set->n; i++) {
		moved = set->tunnels[i];
		for (k = i; k && set->tunnels[k - 1].preference > moved.preference; k--)
			set->tunnels[k] = set->tunnels[k - 1];
		set->tunnels[k] = moved;
	}
}

static int finish_tunnel(struct steer_tunnel *tunnel, char *text, size_t size)
{
	const char *name = tunnel->name ? tunnel->name : "a tunnel";
	char server[STEER_SERVER_MAX], *own = NULL;

	if (!tunnel->server || !tunnel->server[0]) {
		snprintf(text, size, "%s has no server", name);
		return -EINVAL;
	}
	if (!tunnel->peer) {
		snprintf(text, size, "%s has no peer", name);
		return -EINVAL;
	}
	if (steer_server_name(tunnel->server, server) < 0) {
		snprintf(text, size, "the server is neither an address nor a name");
		return -EINVAL;
	}
	if (copy_text(server, &own) < 0 ||
	    (!tunnel->name && copy_text(server, &tunnel->name) < 0)) {
		mem_free(own);
		snprintf(text, size, "no memory");
		return -ENOMEM;
	}
	mem_free(tunnel->server);
	tunnel->server = own;
	return 0;
}

int steer_set_finish(struct steer_set *set, char *text, size_t size)
{
	int err;

	if (!set->n) {
		snprintf(text, size, "no tunnel");
		return -EINVAL;
	}
	for (size_t i = 0; i < set->n; i++) {
		err = finish_tunnel(&set->tunnels[i], text, size);
		if (err < 0)
			return err;
	}
	sort(set);
	if (steer_level(set, set->n - 1) >= STEER_LEVELS_MAX) {
		snprintf(text, size, "%u preferences, of %d at most",
			 steer_level(set, set->n - 1) + 1, STEER_LEVELS_MAX);
		return -EINVAL;
	}
	return 0;
}
