/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base/mem.h for simulations: counts what each owner holds, and fails when it is told to.
 *
 * A program that links memory.c gets its mem_alloc() in the place of the library's.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

struct memory {
	size_t bytes;
	size_t blocks;
	uint64_t calls;
};

/* Whose account pays from now on; returns whose did. NULL is nobody's. */
struct memory *memory_charge(struct memory *account);
/* The after-th allocation from now on fails, and the `run` - 1 that follow it; 0 for never. */
void memory_fail(unsigned int after, unsigned int run);
