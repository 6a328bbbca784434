/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes what the fuzzers start from, and their dictionaries.
 *
 * usage: make_seeds FOLDER
 *
 * Seeds are made, not kept: they follow the tables of the daemon and the languages of the targets.
 * What is kept, in corpus/, is what fuzzing found.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "seeds.h"

static const char *root;

static FILE *must_open(const char *path)
{
	FILE *stream = fopen(path, "wb");

	if (!stream) {
		perror(path);
		exit(1);
	}
	return stream;
}

static void must_mkdir(const char *path)
{
	if (mkdir(path, 0777) == -1 && errno != EEXIST) {
		perror(path);
		exit(1);
	}
}

void seed_write(const char *target, const char *name, struct bytes input)
{
	char path[4096];
	FILE *stream;

	snprintf(path, sizeof(path), "%s/%s", root, target);
	must_mkdir(path);
	snprintf(path, sizeof(path), "%s/%s/%s", root, target, name);
	stream = must_open(path);
	if (fwrite(input.data, 1, input.len, stream) != input.len || fclose(stream)) {
		perror(path);
		exit(1);
	}
}

FILE *dict_open(const char *target)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s.dict", root, target);
	return must_open(path);
}

void dict_word(FILE *dict, struct bytes word)
{
	fputc('"', dict);
	for (size_t i = 0; i < word.len; i++) {
		uint8_t c = word.data[i];

		if (c < ' ' || c > '~' || c == '"' || c == '\\')
			fprintf(dict, "\\x%02x", c);
		else
			fputc(c, dict);
	}
	fputs("\"\n", dict);
}

int main(int argc, char *argv[])
{
	if (argc != 2) {
		fprintf(stderr, "usage: make_seeds FOLDER\n");
		return 2;
	}
	root = argv[1];
	must_mkdir(root);
	seeds_wire();
	seeds_transport();
	seeds_engine();
	seeds_pppoe();
	seeds_config();
	seeds_control();
	seeds_radius();
	seeds_ppp();
	return 0;
}
