/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the fuzz targets share.
 *
 * A target is one file with the two functions that libFuzzer calls. Without libFuzzer, main.c calls
 * them: with every file of the corpus, cut short, and changed at random. Targets assert with
 * CMocka, as the unit tests whose fakes they use; here a failed assertion ends the process.
 *
 * Inputs that are programs (engine, transport) are read with base's cursor: past the end of an
 * input everything reads as zero.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cursor.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A copy in memory of its exact size, so that a sanitizer sees every octet too far; free() it. */
uint8_t *fuzz_copy(const void *data, size_t size);
