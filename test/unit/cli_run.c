/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_run.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE 20000
#define WORDS_MAX 32

static int memory_file(const char *content)
{
	int fd = memfd_create("input", MFD_CLOEXEC);

	assert_int_equal(write(fd, content, strlen(content)), (ssize_t)strlen(content));
	lseek(fd, 0, SEEK_SET);
	return fd;
}

void run_start(struct run *run, const char *line, const char *input, uid_t uid)
{
	char *words = strdup(line), program[] = ADIT;
	char *argv[WORDS_MAX] = {program};
	int in = memory_file(input ? input : ""), n = 1;
	int pipes[2][2];

	memset(run, 0, sizeof(*run));
	for (char *word = strtok(words, " "); word; word = strtok(NULL, " "))
		argv[n++] = word;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(pipe2(pipes[i], O_CLOEXEC), 0);
		run->fds[i] = pipes[i][0];
		fcntl(run->fds[i], F_SETFL, O_NONBLOCK);
	}
	run->pid = fork();
	if (run->pid == 0) {
		dup2(in, 0);
		dup2(pipes[0][1], 1);
		dup2(pipes[1][1], 2);
		if (!uid || (setgid(uid) == 0 && setuid(uid) == 0))
			execv(program, argv);
		_exit(NOT_RUN);
	}
	close(pipes[0][1]);
	close(pipes[1][1]);
	close(in);
	free(words);
}

static void take_output(struct run *run)
{
	for (int i = 0; i < 2; i++) {
		ssize_t n =
			read(run->fds[i], run->text[i] + run->len[i], TEXT_MAX - 1 - run->len[i]);

		if (n > 0)
			run->len[i] += (size_t)n;
	}
}

int run_finish(struct fixture *f, struct run *run)
{
	for (int i = 0; i < PATIENCE && !run->done; i++) {
		fixture_run(f);
		run->done = waitpid(run->pid, &run->status, WNOHANG) == run->pid;
		take_output(run);
	}
	assert_true(run->done);
	take_output(run);
	close(run->fds[0]);
	close(run->fds[1]);
	assert_true(WIFEXITED(run->status));
	return WEXITSTATUS(run->status);
}

static bool output_fits(const struct row *row, const char *text)
{
	return row->out ? strcmp(text, row->out) == 0 : strstr(text, row->part) != NULL;
}

void check_rows(struct fixture *f, const struct row *rows, size_t n)
{
	struct run *run = malloc(sizeof(*run));
	int code;

	for (size_t i = 0; i < n; i++) {
		run_start(run, rows[i].words, rows[i].input, 0);
		code = run_finish(f, run);
		/* All three in one, so that a failure shows what went wrong. */
		if (code != rows[i].code || !output_fits(&rows[i], run->text[0]) ||
		    strcmp(run->text[1], rows[i].err) != 0)
			fail_msg("adit %s\nexit code %d, not %d\noutput:\n%s\nand not:\n%s\n"
				 "errors:\n%s\nand not:\n%s\n",
				 rows[i].words, code, rows[i].code, run->text[0],
				 rows[i].out ? rows[i].out : rows[i].part, run->text[1],
				 rows[i].err);
	}
	free(run);
}

void run_wait_monitoring(struct fixture *f)
{
	struct client *client;
	bool monitoring = false;

	for (int i = 0; i < PATIENCE && !monitoring; i++) {
		fixture_run(f);
		list_for_each (client, &f->control->clients, node)
			monitoring = monitoring || client->monitoring;
	}
	assert_true(monitoring);
}

void check_monitor(struct fixture *f, void (*tell)(struct fixture *f), const char *const *lines,
		   size_t n)
{
	struct run *run = malloc(sizeof(*run));
	const char *at = run->text[0];

	run_start(run, "monitor", NULL, 0);
	run_wait_monitoring(f);
	tell(f);
	for (int i = 0; i < 50; i++)
		fixture_run(f);
	client_free(list_first(&f->control->clients, struct client, node));
	assert_int_equal(run_finish(f, run), 2);
	assert_string_equal(run->text[1], "adit: aditd closed the connection\n");
	for (size_t i = 0; i < n; i++) {
		/* "[2026-01-01T12:00:00.123456] " */
		assert_int_equal(at[0], '[');
		assert_int_equal(at[11], 'T');
		assert_memory_equal(at + 27, "] ", 2);
		at += 29;
		assert_memory_equal(at, lines[i], strlen(lines[i]));
		at += strlen(lines[i]);
	}
	assert_string_equal(at, "");
	free(run);
}

int cli_setup(void **state)
{
	int err = fixture_setup(state);

	if (!err)
		setenv("ADIT_CONTROL", ((struct fixture *)*state)->path, 1);
	return err;
}
