/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one place where the protocol layers allocate, so that tests can make it fail.
 */
#pragma once

#include <stddef.h>

/* Once, at the start of a program that serves: no call of mem_free() pays for those before. */
void mem_init(void);
/* Zeroed memory, or NULL. mem_free() takes NULL. */
void *mem_alloc(size_t size);
void *mem_resize(void *ptr, size_t size);
void mem_free(void *ptr);
/* For tests: the n-th allocation from now on fails (1 is the next), and only that; 0 for never. */
void __mem_fail_after(unsigned int n);
