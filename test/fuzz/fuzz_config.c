/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any text as a configuration.
 *
 * Either it has faults, each told in one printable line, or it is a configuration, and read again
 * it is the same.
 */
#include "fuzz.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/load.h"

#define TEXT_MAX 8192

struct faults_told {
	unsigned int count;
};

static void on_fault(void *ctx, const char *line)
{
	struct faults_told *told = ctx;

	told->count++;
	assert_true(line[0]);
	for (const char *c = line; *c; c++)
		assert_true((unsigned char)*c >= ' ' && *c != 0x7f);
}

static struct config *load(const char *text, unsigned int *ret_faults)
{
	struct config *config = NULL;
	struct faults_told told = {0};
	int err = config_load_text("text", text, on_fault, &told, &config);

	*ret_faults = told.count;
	if (err) {
		assert_int_equal(err, -EINVAL);
		assert_true(told.count);
		assert_null(config);
		return NULL;
	}
	assert_int_equal(told.count, 0);
	assert_non_null(config);
	return config;
}

static void check_same_tunnels(const struct config *a, const struct config *b)
{
	const struct config_tunnel *tunnel, *other;

	list_for_each (tunnel, &a->tunnels, node) {
		other = config_find_tunnel(b, tunnel->name);
		assert_non_null(other);
		assert_true(config_tunnel_same(tunnel, other));
		assert_non_null(tunnel->peer);
	}
}

static void check_same_sessions(const struct config *a, const struct config *b)
{
	const struct config_session *session, *other;

	list_for_each (session, &a->sessions, node) {
		other = config_find_session(b, session->name);
		assert_non_null(other);
		assert_true(config_session_same(session, other));
		assert_true(!session->tunnel || config_find_tunnel(a, session->tunnel));
		assert_true(!session->ppp || config_find_ppp(a, session->ppp));
	}
}

static void check_same_peers(const struct config *a, const struct config *b)
{
	const struct list *left = a->peers.next, *right = b->peers.next;

	for (; left != &a->peers && right != &b->peers; left = left->next, right = right->next)
		assert_true(peer_same(list_entry(left, struct peer, node),
				      list_entry(right, struct peer, node)));
	assert_true(left == &a->peers && right == &b->peers);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config *config, *again;
	unsigned int faults, faults_again;
	char *text;

	if (size > TEXT_MAX)
		return 0;
	text = (char *)fuzz_copy(data, size);
	text = realloc(text, size + 1);
	assert_non_null(text);
	text[size] = '\0';

	config = load(text, &faults);
	again = load(text, &faults_again);
	assert_int_equal(faults, faults_again);
	assert_int_equal(!config, !again);
	if (config) {
		check_same_tunnels(config, again);
		check_same_sessions(config, again);
		check_same_peers(config, again);
		config_free(config);
		config_free(again);
	}
	free(text);
	return 0;
}
