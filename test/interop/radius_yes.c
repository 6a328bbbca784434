/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A RADIUS server that says yes to everybody (RFC 2865): l2tpns lets nobody in without one.
 *
 * usage: radius_yes ADDRESS SECRET
 *
 * Answers each Access-Request at port 1812 with an Access-Accept for a PPP user, and takes no other
 * packets. Says "ready".
 */
#include <arpa/inet.h>
#include <nettle/md5.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define PORT 1812
#define ACCESS_REQUEST 1
#define ACCESS_ACCEPT 2
#define HEADER_LEN 20
#define AUTHENTICATOR_OFFSET 4

/* Service-Type Framed and Framed-Protocol PPP, RFC 2865 5.6 and 5.7. */
static const uint8_t attributes[] = {6, 6, 0, 0, 0, 2, 7, 6, 0, 0, 0, 1};

/* RFC 2865 section 3: the digest of the answer with the question's authenticator in it. */
static size_t put_accept(uint8_t *answer, const uint8_t *request, const char *secret)
{
	size_t len = HEADER_LEN + sizeof(attributes);
	struct md5_ctx md5;

	memcpy(answer, request, HEADER_LEN);
	answer[0] = ACCESS_ACCEPT;
	answer[2] = 0;
	answer[3] = (uint8_t)len;
	memcpy(answer + HEADER_LEN, attributes, sizeof(attributes));
	md5_init(&md5);
	md5_update(&md5, len, answer);
	md5_update(&md5, strlen(secret), (const uint8_t *)secret);
	md5_digest(&md5, MD5_DIGEST_SIZE, answer + AUTHENTICATOR_OFFSET);
	return len;
}

static void serve(int fd, const char *secret)
{
	uint8_t request[4096], answer[HEADER_LEN + sizeof(attributes)];
	struct sockaddr_in from;

	for (;;) {
		socklen_t from_len = sizeof(from);
		ssize_t len = recvfrom(fd, request, sizeof(request), 0, (struct sockaddr *)&from,
				       &from_len);

		if (len < HEADER_LEN || request[0] != ACCESS_REQUEST)
			continue;
		if (sendto(fd, answer, put_accept(answer, request, secret), 0,
			   (struct sockaddr *)&from, from_len) == -1)
			perror("radius_yes: sendto");
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons(PORT)};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (argc != 3 || inet_pton(AF_INET, argv[1], &sa.sin_addr) != 1) {
		fprintf(stderr, "usage: radius_yes ADDRESS SECRET\n");
		return 2;
	}
	if (fd == -1 || bind(fd, (struct sockaddr *)&sa, sizeof(sa)) == -1) {
		perror("radius_yes");
		return 1;
	}
	printf("ready\n");
	fflush(stdout);
	serve(fd, argv[2]);
}
