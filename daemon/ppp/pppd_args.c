/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line and the environment that pppd gets.
 *
 * pppd reads /etc/ppp/options and root's ~/.ppprc first, then its command line from left to
 * right. There the later word wins, and any word wins over those files. So the line has three
 * parts: our defaults, which the profile may change; the profile, its file before its words; and
 * what the launcher itself depends on, which has the last word.
 *
 * Defaults of an LNS: the peer must authenticate, with CHAP unless the profile says how (or names
 * a file, which may), and it gets no default route. Defaults of a client: the peer need not
 * authenticate. For both: we authenticate with EAP only where the profile has an option about it,
 * since pppd's EAP was once open to anybody who could send it a packet (CVE-2020-8597) and some
 * LNSs drop calls that offer it. The tunnel's peer is the `ipparam` of scripts, the caller's
 * number the `remotenumber`, which pppd's RADIUS plugin sends as Calling-Station-Id.
 *
 * Numbers and names that the peer chose go only into values of arguments and the environment,
 * never into a file that pppd parses.
 */
#include "ppp/pppd_args.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "ppp/status.h"

#define SAFE_PATH "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* Grows a list of words; after a failure it does nothing more, which is asked once at the end. */
struct builder {
	struct words words;
	bool failed;
};

static void __attribute__((format(printf, 2, 3))) add(struct builder *b, const char *format, ...)
{
	char **word;
	char *text;
	va_list args;
	int len;

	if (b->failed)
		return;
	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	word = mem_resize(b->words.word, (b->words.count + 2) * sizeof(*word));
	if (word)
		b->words.word = word;
	text = word ? mem_alloc((size_t)len + 1) : NULL;
	if (!text) {
		b->failed = true;
		return;
	}
	va_start(args, format);
	vsnprintf(text, (size_t)len + 1, format, args);
	va_end(args);
	word[b->words.count++] = text;
	word[b->words.count] = NULL;
}

static int finish(struct builder *b, struct words *ret)
{
	if (b->failed) {
		/* A list that failed before its first word has no terminator yet. */
		words_free(&b->words);
		return -ENOMEM;
	}
	*ret = b->words;
	return 0;
}

void words_free(struct words *words)
{
	for (size_t i = 0; i < words->count; i++)
		mem_free(words->word[i]);
	mem_free(words->word);
	words->word = NULL;
	words->count = 0;
}

/* Options by which a profile takes a decision itself; a '*' at the end stands for anything. */
static const char *const auth_words[] = {
	"auth",		  "noauth",  "require-pap",	  "+pap",	"require-chap", "+chap",
	"require-mschap", "+mschap", "require-mschap-v2", "+mschap-v2", "require-eap",	NULL,
};
static const char *const eap_words[] = {
	"require-eap", "need-peer-eap", "eap-*", "srp-*", "ca", "cert", "key", NULL,
};
static const char *const route_words[] = {"defaultroute", NULL};

static bool matches(const char *word, const char *pattern)
{
	size_t len = strlen(pattern);

	if (pattern[len - 1] == '*')
		return !strncmp(word, pattern, len - 1);
	return !strcmp(word, pattern);
}

static bool profile_has(const struct ppp_profile *profile, const char *const *patterns)
{
	for (size_t i = 0; profile && i < profile->n_options; i++)
		for (const char *const *pattern = patterns; *pattern; pattern++)
			if (matches(profile->options[i], *pattern))
				return true;
	return false;
}

static void add_l2tp(struct builder *b, const struct pppd_settings *settings,
		     const struct pppd_params *params)
{
	add(b, "plugin");
	add(b, "%s", settings->pppol2tp);
	add(b, "pppol2tp");
	add(b, "%d", PPPD_FD_PPPOX);
	if (params->lns_mode)
		add(b, "pppol2tp_lns_mode");
	/* In LNS mode the plugin refuses to run without the two. */
	add(b, "pppol2tp_tunnel_id");
	add(b, "%u", params->tunnel_id);
	add(b, "pppol2tp_session_id");
	add(b, "%u", params->session_id);
}

/* A session that exists is joined without discovery. */
static void add_pppoe(struct builder *b, const struct pppd_settings *settings,
		      const struct pppd_pppoe *pppoe)
{
	const uint8_t *mac = pppoe->mac;

	add(b, "plugin");
	add(b, "%s", settings->pppoe);
	add(b, "rp_pppoe_sess");
	add(b, "%u:%02x:%02x:%02x:%02x:%02x:%02x", pppoe->session_id, mac[0], mac[1], mac[2],
	    mac[3], mac[4], mac[5]);
	add(b, "nic-%s", pppoe->interface);
}

static void add_channel(struct builder *b, const struct pppd_settings *settings,
			const struct pppd_params *params)
{
	if (params->pppoe)
		add_pppoe(b, settings, params->pppoe);
	else
		add_l2tp(b, settings, params);
	add(b, "plugin");
	add(b, "%s", settings->plugin);
	add(b, PPP_STATUS_OPTION);
	add(b, "%d", PPPD_FD_STATUS);
}

static void add_auth(struct builder *b, const struct pppd_params *params)
{
	const struct ppp_profile *profile = params->profile;

	add(b, params->lns_mode ? "auth" : "noauth");
	/* Alone, `auth` asks for EAP first. */
	if (params->lns_mode && !profile_has(profile, auth_words) &&
	    !(profile && profile->options_file))
		add(b, "require-chap");
	if (!profile_has(profile, eap_words))
		add(b, "refuse-eap");
}

static void add_defaults(struct builder *b, const struct pppd_params *params)
{
	char text[ADDR_TEXT_MAX];

	add_auth(b, params);
	/* pppd takes `defaultroute` after `nodefaultroute` for an error. */
	if (params->lns_mode && !profile_has(params->profile, route_words))
		add(b, "nodefaultroute");
	if (params->mtu) {
		add(b, "mtu");
		add(b, "%u", params->mtu);
		add(b, "mru");
		add(b, "%u", params->mtu);
	}
	if (params->peer_addr.family != ADDR_NONE) {
		add(b, "ipparam");
		add(b, "%s", addr_format_host(&params->peer_addr, text));
	}
	if (params->calling_number && params->calling_number[0]) {
		add(b, "remotenumber");
		add(b, "%s", params->calling_number);
		if (!b->failed)
			text_clean(b->words.word[b->words.count - 1]);
	}
	if (params->debug)
		add(b, "debug");
}

static void add_profile(struct builder *b, const struct ppp_profile *profile)
{
	if (!profile)
		return;
	if (profile->options_file) {
		add(b, "file");
		add(b, "%s", profile->options_file);
	}
	for (size_t i = 0; i < profile->n_options; i++)
		add(b, "%s", profile->options[i]);
}

static void add_fixed(struct builder *b)
{
	/* We wait for this very process, its socket cannot be dialled again, its log is ours. */
	add(b, "nodetach");
	add(b, "nopersist");
	add(b, "logfd");
	add(b, "1");
}

int pppd_args_build(const struct pppd_settings *settings, const struct pppd_params *params,
		    struct words *ret)
{
	struct builder b = {0};

	add(&b, "pppd");
	add_channel(&b, settings, params);
	add_defaults(&b, params);
	add_profile(&b, params->profile);
	add_fixed(&b);
	return finish(&b, ret);
}

/* What nobody told is empty: scripts may ask for what is not set to be an error. */
static void add_variable(struct builder *b, const char *name, const char *value)
{
	add(b, PPP_VARIABLE_PREFIX "%s=%s", name, value ? value : "");
	if (!b->failed)
		text_clean(b->words.word[b->words.count - 1]);
}

static void add_number(struct builder *b, const char *name, uint32_t value)
{
	if (value)
		add(b, PPP_VARIABLE_PREFIX "%s=%u", name, value);
	else
		add_variable(b, name, NULL);
}

/* What is told of the line (RFC 5515). */
static void add_line(struct builder *b, const struct access_line *line)
{
	static const struct {
		const char *name;
		enum line_value value;
	} rates[] = {
		{"ACTUAL_RATE_UP", LINE_ACTUAL_UP},
		{"ACTUAL_RATE_DOWN", LINE_ACTUAL_DOWN},
	};
	uint32_t rate;

	add_variable(b, "CIRCUIT_ID", line ? line->circuit_id : NULL);
	add_variable(b, "REMOTE_ID", line ? line->remote_id : NULL);
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		if (!access_line_number(line, rates[i].value, &rate))
			rate = 0;
		add_number(b, rates[i].name, rate);
	}
}

int pppd_env_build(const struct pppd_params *params, struct words *ret)
{
	char text[ADDR_TEXT_MAX];
	struct builder b = {0};

	add(&b, SAFE_PATH);
	add_number(&b, "TUNNEL_ID", params->tunnel_id);
	add_number(&b, "SESSION_ID", params->session_id);
	add_number(&b, "CALL_SERIAL", params->call_serial);
	add_variable(&b, "CALLED_NUMBER", params->called_number);
	add_variable(&b, "CALLING_NUMBER", params->calling_number);
	add_variable(&b, "SUB_ADDRESS", params->sub_address);
	add_variable(&b, "PRIVATE_GROUP", params->private_group);
	add_variable(&b, "PROXY_AUTHEN_NAME", params->proxy_authen_name);
	add_number(&b, "TX_SPEED", params->tx_speed);
	add_number(&b, "RX_SPEED", params->rx_speed);
	add_number(&b, "PHYSICAL_CHANNEL", params->physical_channel);
	add_line(&b, params->access_line);
	add_variable(&b, "PEER_NAME", params->peer_name);
	add_variable(&b, "PEER_ADDR",
		     params->peer_addr.family == ADDR_NONE
			     ? NULL
			     : addr_format_host(&params->peer_addr, text));
	return finish(&b, ret);
}
