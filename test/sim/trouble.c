/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a simulation fails: one line that says what was not true, and how to see it again.
 */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test/sim/sim.h"

/* What is said when the program itself is killed, formatted before. */
static char last_words[128];
static uint64_t seed_now;

static void say_last_words(void)
{
	ssize_t ignored = write(STDOUT_FILENO, last_words, strlen(last_words));

	(void)ignored;
}

static void on_signal(int number)
{
	say_last_words();
	signal(number, SIG_DFL);
	raise(number);
}

/* Of the sanitizers, when they are linked. */
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

void sim_begin(uint64_t seed)
{
	static const int deadly[] = {SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGILL, SIGALRM};
	static bool ready;

	seed_now = seed;
	snprintf(last_words, sizeof(last_words),
		 "FAIL seed %llu: the program died; replay: scripts/sim -v %llu\n",
		 (unsigned long long)seed, (unsigned long long)seed);
	if (ready)
		return;
	ready = true;
	if (__sanitizer_set_death_callback) {
		__sanitizer_set_death_callback(say_last_words);
		return;
	}
	for (size_t i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++)
		signal(deadly[i], on_signal);
}

void sim_broken(const struct world *w, const struct box *box, const char *file, int line,
		const char *what)
{
	const char *name = strrchr(file, '/');

	printf("FAIL seed %llu: %s at %.6f s: %s (%s:%d); replay: scripts/sim -v %llu\n",
	       (unsigned long long)seed_now, box ? box->name : "all", (double)w->now / USEC_PER_SEC,
	       what, name ? name + 1 : file, line, (unsigned long long)seed_now);
	fflush(stdout);
	_exit(1);
}

void sim_trace(const struct world *w, const struct box *box, const char *format, ...)
{
	va_list args;

	printf("%12.6f %s  ", (double)w->now / USEC_PER_SEC, box->name);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

void *sim_alloc(size_t size)
{
	void *ptr = calloc(1, size);

	if (!ptr)
		abort();
	return ptr;
}

void *sim_resize(void *ptr, size_t size)
{
	ptr = realloc(ptr, size);
	if (!ptr)
		abort();
	return ptr;
}
