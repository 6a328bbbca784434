/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Plays scenarios: each *.scn of a folder, or each file named, is one test.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

#define FILES_MAX 512
#define LINES_MAX 512

/* Before any statement that acts, what the engine said must have been expected. */
static const struct statement {
	const char *name;
	void (*say)(struct player *p);
	bool acts;
} statements[] = {
	{"PEER", say_peer, false},     {"LIMIT", say_limit, false},
	{"FAR", say_far, false},       {"RX", say_rx, true},
	{"EXPECT", say_expect, false}, {"OPEN", say_open, true},
	{"CLOSE", say_close, true},    {"SHUTDOWN", say_shutdown, true},
	{"KERNEL", say_kernel, true},  {"PPP", say_ppp, true},
	{"SOCKET", say_socket, true},  {"TIME", say_time, true},
	{"RELOAD", say_reload, true},  {"TELL", say_tell, true},
	{"CHECK", say_check, false},   {"EVENT", say_event, false},
	{"DID", say_did, false},       {"ADMIN", say_admin, true},
};

struct script {
	char *lines[LINES_MAX];
	unsigned int count;
};

static void read_script(struct player *p, struct script *script)
{
	FILE *file = fopen(p->file, "re");
	char *line = NULL;
	size_t size = 0;

	if (!file)
		wrong(p, "cannot open: %s", strerror(errno));
	while (getline(&line, &size, file) != -1) {
		if (script->count == LINES_MAX)
			wrong(p, "more than %d lines", LINES_MAX);
		script->lines[script->count++] = strdup(line);
	}
	free(line);
	fclose(file);
}

static void free_script(struct script *script)
{
	while (script->count)
		free(script->lines[--script->count]);
}

static void play_statement(struct player *p)
{
	for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++) {
		const struct statement *statement = &statements[i];

		if (!word_is(&p->words.word[0], statement->name))
			continue;
		if (statement->acts) {
			configure(p);
			all_expected(p);
		}
		statement->say(p);
		if (statement->acts)
			settle(p);
		return;
	}
	wrong(p, "%s is no statement", p->words.word[0].key);
}

static unsigned int find_end(struct player *p, const struct script *script, unsigned int at)
{
	for (; at < script->count; at++) {
		if (strncmp(script->lines[at], "END", 3) == 0)
			return at;
	}
	wrong(p, "REPEAT without END");
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the REPEATs of a scenario */
static void play_lines(struct player *p, const struct script *script, unsigned int from,
		       unsigned int to)
{
	for (unsigned int at = from; at < to; at++) {
		unsigned int times, end;

		p->line = at + 1;
		split_words(p, script->lines[at]);
		if (!p->words.count)
			continue;
		if (!word_is(&p->words.word[0], "REPEAT")) {
			play_statement(p);
			continue;
		}
		if (p->words.count != 2)
			wrong(p, "REPEAT how often?");
		times = (unsigned int)strtoul(p->words.word[1].key, NULL, 10);
		end = find_end(p, script, at);
		while (times--) {
			play_lines(p, script, at + 1, end);
			box_forget(p->box);
		}
		at = end;
	}
}

/* A far end at 198.51.100.9:1701 and the engine at 192.0.2.1:1701. */
static void begin(struct player *p)
{
	world_init(&p->world, 1);
	p->box = &p->world.boxes[0];
	p->box->listener = on_event;
	p->far = &p->fars[0];
	*p->far = (struct far){
		.name = "far",
		.addr = {.family = ADDR_IPV4, .port = L2TP_PORT, .ip = {198, 51, 100, 9}},
		.tunnel_id = 77,
		.session_id = 771,
	};
}

static void play(void **state)
{
	struct player *p = *state;
	struct script script = {0};

	begin(p);
	read_script(p, &script);
	play_lines(p, &script, 0, script.count);
	p->line++;
	configure(p);
	all_expected(p);
	free_script(&script);
	world_end(&p->world);
	p->finished = true;
}

/* An assertion of the world says its own place only. */
static int after(void **state)
{
	const struct player *p = *state;

	if (!p->finished)
		print_message("# in %s:%u\n", p->file, p->line);
	return 0;
}

static int is_scenario(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 4 && strcmp(entry->d_name + len - 4, ".scn") == 0;
}

static char *files[FILES_MAX];
static unsigned int n_files;

static void add_file(char *path)
{
	if (n_files == FILES_MAX) {
		fprintf(stderr, "more than %d scenarios\n", FILES_MAX);
		exit(1);
	}
	files[n_files++] = path;
}

static void add_path(const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, is_scenario, alphasort);

	if (count < 0) {
		add_file(strdup(path));
		return;
	}
	for (int i = 0; i < count; i++) {
		char *file = NULL;

		if (asprintf(&file, "%s/%s", path, entries[i]->d_name) < 0)
			exit(1);
		add_file(file);
		free(entries[i]);
	}
	free(entries);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

int main(int argc, char **argv)
{
	struct CMUnitTest *tests;
	struct player *players;
	int failed;

	for (int i = 1; i < argc; i++)
		add_path(argv[i]);
	if (!n_files) {
		fprintf(stderr, "usage: player FOLDER|FILE...\n");
		return 1;
	}
	tests = calloc(n_files, sizeof(*tests));
	players = calloc(n_files, sizeof(*players));
	for (unsigned int i = 0; i < n_files; i++) {
		players[i].file = files[i];
		tests[i] = (struct CMUnitTest){base_name(files[i]), play, NULL, after, &players[i]};
	}
	failed = _cmocka_run_group_tests("scenario", tests, n_files, NULL, NULL);
	for (unsigned int i = 0; i < n_files; i++)
		free(files[i]);
	free(players);
	free(tests);
	return failed;
}
