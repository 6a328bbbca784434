/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The allocator of a simulation: accounts, failures, and memory that is spoilt once it is freed.
 */
#include "test/sim/memory.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define SPOILT 0xdb

/* Before each block; as wide as the strictest alignment. */
struct block {
	_Alignas(max_align_t) size_t size;
	struct memory *account;
};

static struct memory nobody;
static struct memory *charged = &nobody;
static unsigned int fail_after, fail_run;

struct memory *memory_charge(struct memory *account)
{
	struct memory *before = charged;

	charged = account ? account : &nobody;
	return before;
}

void memory_fail(unsigned int after, unsigned int run)
{
	fail_after = after;
	fail_run = run;
}

void __mem_fail_after(unsigned int n)
{
	memory_fail(n, 1);
}

static bool fails_now(void)
{
	if (!fail_after)
		return false;
	if (fail_after > 1) {
		fail_after--;
		return false;
	}
	if (--fail_run == 0)
		fail_after = 0;
	return true;
}

void *mem_alloc(size_t size)
{
	struct block *block;

	charged->calls++;
	if (fails_now())
		return NULL;
	block = calloc(1, sizeof(*block) + size);
	if (!block)
		abort();
	block->size = size;
	block->account = charged;
	charged->bytes += size;
	charged->blocks++;
	return block + 1;
}

void mem_free(void *ptr)
{
	struct block *block = ptr;

	if (!ptr)
		return;
	block--;
	block->account->bytes -= block->size;
	block->account->blocks--;
	memset(ptr, SPOILT, block->size);
	free(block);
}

void *mem_resize(void *ptr, size_t size)
{
	struct block *block = ptr;
	void *moved = mem_alloc(size);

	if (!moved || !ptr)
		return moved;
	block--;
	memcpy(moved, ptr, block->size < size ? block->size : size);
	mem_free(ptr);
	return moved;
}
