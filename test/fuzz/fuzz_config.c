/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any text as a configuration.
 *
 * Either it has faults, each told in one printable line, or it is a configuration, and read again
 * it is the same. A secret is in no fault.
 */
#include "fuzz.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/load.h"

#define TEXT_MAX 8192
/* The secret of all seeds. */
#define SECRET "hunter2"

struct faults_told {
	unsigned int count;
	bool secretive;
};

/* Whether `secret =` and nothing else stands before this on its line. */
static bool is_value_of_secret(const char *text, const char *at)
{
	static const char key[] = "secret";

	if (at > text && at[-1] == '"')
		at--;
	while (at > text && at[-1] == ' ')
		at--;
	if (at == text || *--at != '=')
		return false;
	while (at > text && at[-1] == ' ')
		at--;
	if ((size_t)(at - text) < strlen(key) || memcmp(at - strlen(key), key, strlen(key)) != 0)
		return false;
	at -= strlen(key);
	while (at > text && (at[-1] == ' ' || at[-1] == '\t'))
		at--;
	return at == text || at[-1] == '\n';
}

/* Whether the secret is nothing but that: in a string of another key it may well be told. */
static bool holds_secret(const char *text)
{
	size_t plain = strcspn(text, "\"'\\$");
	const char *at = strstr(text, SECRET);

	return at && (size_t)(at - text) <= plain + 1 && is_value_of_secret(text, at) &&
	       !strstr(at + 1, SECRET);
}

static void on_fault(void *ctx, const char *line)
{
	struct faults_told *told = ctx;

	told->count++;
	assert_true(line[0]);
	if (told->secretive)
		assert_null(strstr(line, SECRET));
	for (const char *c = line; *c; c++)
		assert_true((unsigned char)*c >= ' ' && *c != 0x7f);
}

static struct config *load(const char *text, unsigned int *ret_faults)
{
	struct config *config = NULL;
	struct faults_told told = {.secretive = holds_secret(text)};
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
