/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

/* NOLINTNEXTLINE(readability-non-const-parameter): the type is of libFuzzer */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	/* There is no test to leave. */
	assert_int_equal(setenv("CMOCKA_TEST_ABORT", "1", 1), 0);
	return 0;
}

uint8_t *fuzz_copy(const void *data, size_t size)
{
	uint8_t *copy = malloc(size);

	assert_non_null(copy);
	if (size)
		memcpy(copy, data, size);
	return copy;
}
