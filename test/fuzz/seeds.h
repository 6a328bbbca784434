/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the writers of seeds share.
 */
#pragma once

#include <stdio.h>

#include "base/cursor.h"

/* Writes FOLDER/target/name. Ends the program when it cannot, as all of these do. */
void seed_write(const char *target, const char *name, struct bytes input);
/* FOLDER/target.dict, in libFuzzer's syntax; fclose() it. */
FILE *dict_open(const char *target);
void dict_word(FILE *dict, struct bytes word);

void seeds_wire(void);
void seeds_transport(void);
void seeds_engine(void);
void seeds_pppoe(void);
void seeds_config(void);
void seeds_control(void);
void seeds_radius(void);
void seeds_ppp(void);
