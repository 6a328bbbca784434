/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one place where the protocol layers allocate.
 *
 * The failure counter is the only state that the pure layers share; it is zero outside of tests.
 */
#include "base/mem.h"

#include <malloc.h>
#include <stdbool.h>
#include <stdlib.h>

static unsigned int fail_after;

static bool fails_now(void)
{
	if (!fail_after)
		return false;
	return --fail_after == 0;
}

void mem_init(void)
{
	/* glibc puts small blocks that are freed aside, and joins them all in one go some day: a
	 * quarter of a second after the end of a million calls. */
	mallopt(M_MXFAST, 0);
}

void *mem_alloc(size_t size)
{
	if (fails_now())
		return NULL;
	return calloc(1, size ? size : 1);
}

void *mem_resize(void *ptr, size_t size)
{
	if (fails_now())
		return NULL;
	return realloc(ptr, size ? size : 1);
}

void mem_free(void *ptr)
{
	free(ptr);
}

void __mem_fail_after(unsigned int n)
{
	fail_after = n;
}
