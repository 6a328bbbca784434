/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The peer section: addresses, secrets, and what its keys mean together.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/mem.h"
#include "config/build.h"

#define SECRET_MAX 255

void peer_set_address(struct builder *b, void *object, const struct given *given,
		      const struct given_value *value)
{
	struct peer *peer = object;
	struct prefix prefix, *addresses;

	if (prefix_parse(value->text, &prefix) < 0) {
		struct addr addr;
		char host[ADDR_TEXT_MAX] = "";
		size_t len = strcspn(value->text, "/");

		/* An address that is one, with a slash behind: the length or the rest is wrong. */
		if (len < sizeof(host) && value->text[len]) {
			memcpy(host, value->text, len);
			if (addr_parse(host, &addr) == 0) {
				build_fault(b, given, value,
					    "bits are set beyond the length of the prefix, or it "
					    "is too long");
				return;
			}
		}
		build_fault(b, given, value,
			    "must be an address, or a prefix such as 192.0.2.0/24");
		return;
	}
	addresses = mem_resize(peer->addresses, (peer->n_addresses + 1) * sizeof(*addresses));
	if (!addresses) {
		b->faults->no_memory = true;
		return;
	}
	addresses[peer->n_addresses++] = prefix;
	peer->addresses = addresses;
}

/* The first line. What is wrong with it, or NULL. */
static const char *secret_read(int fd, char text[static SECRET_MAX + 2])
{
	struct stat st;
	ssize_t len;

	if (fstat(fd, &st) == -1)
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "is no regular file";
	if (st.st_mode & S_IRWXO)
		return "is readable by others: chmod 600 it";
	len = read(fd, text, SECRET_MAX + 1);
	if (len == -1)
		return strerror(errno);
	text[len] = '\0';
	if (memchr(text, '\0', (size_t)len) && strlen(text) < (size_t)len)
		return "has a NUL in its first line";
	text[strcspn(text, "\r\n")] = '\0';
	if (!*text)
		return "has an empty first line";
	return strlen(text) > SECRET_MAX ? "holds more than 255 characters" : NULL;
}

void build_secret_file(struct builder *b, const struct given *given,
		       const struct given_value *value, char **member)
{
	char text[SECRET_MAX + 2];
	const char *wrong;
	char *path;
	int fd;

	if (!b->parsed->files) {
		build_fault(b, given, value, "no file can be read from here");
		return;
	}
	path = source_path(value->place.source, value->text, b->faults);
	if (!path)
		return;
	/* Without O_NONBLOCK a FIFO would hold us up. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	mem_free(path);
	if (fd == -1) {
		build_fault(b, given, value, "cannot read: %s", strerror(errno));
		return;
	}
	wrong = secret_read(fd, text);
	close(fd);
	if (wrong) {
		build_fault(b, given, value, "%s", wrong);
	} else {
		mem_free(*member);
		*member = text_dup(b->faults, text);
	}
	explicit_bzero(text, sizeof(text));
}

void peer_set_secret_file(struct builder *b, void *object, const struct given *given,
			  const struct given_value *value)
{
	struct peer *peer = object;

	build_secret_file(b, given, value, &peer->secret);
}

static bool has_secret(const struct section *section)
{
	return section_given(section, "secret") || section_given(section, "secret_file");
}

char *build_system_name(struct builder *b)
{
	struct utsname system;

	uname(&system);
	return text_dup(b->faults, system.nodename);
}

/* What the peer is without keys that say so. */
static void defaults(struct builder *b, const struct section *base, const struct section *own,
		     struct peer *peer)
{
	if (!peer->local_name)
		peer->local_name = build_system_name(b);
	if (!section_given(own, "challenge") && !section_given(base, "challenge"))
		peer->challenge = peer->secret ? CHALLENGE_REQUIRE : CHALLENGE_NEVER;
	if (!section_given(own, "calls") && !section_given(base, "calls"))
		peer->calls = section_given(own, "ppp") || section_given(base, "ppp") ? CALL_PPP
										      : CALL_REJECT;
}

/* `name` of the section at hand, else the section itself, is at fault. */
static void fault_at(struct builder *b, const char *name, const char *text)
{
	const struct given *given = section_given(b->section, name);

	if (given)
		build_fault(b, given, &given->values[0], "%s", text);
	else
		build_section_fault(b, b->section, "%s: %s", name, text);
}

static bool gives_retry(const struct section *section)
{
	return section_given(section, "retry_first") || section_given(section, "retry_cap");
}

void check_retry(struct builder *b, const struct section *base, const struct section *own,
		 const struct peer *peer)
{
	/* What stands outside of sections was told there. */
	if (!gives_retry(own) && !(base && gives_retry(base)))
		return;
	if (peer->transport.retry_first > peer->transport.retry_cap)
		fault_at(b, section_given(own, "retry_cap") ? "retry_cap" : "retry_first",
			 "retry_first must not be longer than retry_cap");
}

static void check_peer(struct builder *b, const struct section *base, const struct section *own,
		       const struct peer *peer)
{
	bool secret = has_secret(own) || has_secret(base);

	if (section_given(own, "secret") && section_given(own, "secret_file"))
		fault_at(b, "secret_file", "there is a secret already");
	if (!secret && peer->challenge != CHALLENGE_NEVER)
		fault_at(b, "challenge", "needs a secret");
	if (peer->domain && peer->calls != CALL_SWITCH)
		fault_at(b, "domain", "is for calls = switch");
	if (!secret && peer->hide != HIDE_NEVER)
		fault_at(b, "hide", "needs a secret");
	check_retry(b, base, own, peer);
}

void build_peer(struct builder *b, const struct section *base, const struct section *own,
		struct peer *peer)
{
	void *objects[SECTION_MAX] = {[SECTION_PEER] = peer};

	/* What is wrong with it was told already, and is not told twice. */
	if (base)
		build_values(b, base, objects);
	build_values(b, own, objects);
	defaults(b, base, own, peer);
	check_peer(b, base, own, peer);
}
