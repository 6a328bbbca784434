/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the running kernel offers, asked once at start, with words for what is missing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct kernel_probe {
	bool l2tp_netlink; /* generic netlink family "l2tp" */
	bool pppol2tp;	   /* AF_PPPOX with PX_PROTO_OL2TP */
	bool ppp;	   /* /dev/ppp */
	bool net_admin;	   /* CAP_NET_ADMIN, in our user namespace */
	/* Callers of PPPoE are to be answered; without, what follows is not asked and not missed.
	 */
	bool callers;
	bool pppoe;   /* AF_PPPOX with PX_PROTO_OE */
	bool bridge;  /* PPPIOCBRIDGECHAN, by the kernel's version */
	bool net_raw; /* CAP_NET_RAW */
	bool modules; /* /lib/modules has a folder for this kernel */
	/* Why what is false above is false: 0 or -errno. */
	int l2tp_netlink_err;
	int pppol2tp_err;
	int ppp_err;
	int pppoe_err;
	/* The kernel holds the fix for use-after-free in closing a bound channel, so that closing
	 * the socket alone is a safe way to delete a session (CVE-2026-68398). */
	bool safe_channel_close;
	char release[65];
};

/* Tries to load the modules that are missing, then asks. Always fills *ret. Waits for modprobe. */
void kernel_probe(bool callers, struct kernel_probe *ret);
/*
 * Writes one line a missing thing: "l2tp_ppp: module not found; Debian's cloud kernel does not
 * have it: install linux-image-amd64". Returns how many; 0 means that calls can be served.
 */
int kernel_probe_missing(const struct kernel_probe *probe,
			 void (*line)(void *ctx, const char *text), void *ctx);
/*
 * Reads safe_channel_close out of uname()'s release and version; Debian writes the stable version
 * into the latter only. False for a kernel that it does not know.
 */
bool kernel_channel_close_is_safe(const char *release, const char *version);
