/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * In libFuzzer's place, with any compiler: runs a target with every file of the corpus, whole and
 * cut short, and for a second with random changes of them. The changes come from a fixed seed.
 *
 * usage: test_fuzz_X FILE|FOLDER...    speaks TAP: one case an argument, and one for the changes
 *
 * When the target dies, the input that it died of is in ./crash-NAME: give it as the FILE to see
 * it die again.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"

/* Of one file; longer ones are cut short at that many places. */
#define CUTS_MAX 256
#define EDITS_MAX 8
#define SIZE_MAX_CHANGED ((size_t)8192)
#define SECONDS 1

struct file {
	char *name;
	uint8_t *data;
	size_t size;
};

static struct file *files;
static size_t n_files;
static unsigned int n_cases;
static uint64_t random_state = 1;

/* What runs now, for whoever has to tell of the death. */
static char crash_name[256];
static const char *running_name = "nothing";
static const uint8_t *volatile running;
static volatile size_t running_size;

static void tell(const char *text)
{
	if (write(STDOUT_FILENO, text, strlen(text)) == -1)
		_exit(2);
}

/* In a signal handler too. */
static void on_death(void)
{
	int fd;

	if (!running)
		return;
	fd = open(crash_name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd == -1 || write(fd, (const void *)running, running_size) == -1)
		tell("# the input could not be written\n");
	running = NULL;
	tell("Bail out! the target died of ");
	tell(crash_name);
	tell(", made of ");
	tell(running_name);
	tell("\n");
}

static void on_signal(int number)
{
	on_death();
	signal(number, SIG_DFL);
	raise(number);
}

/* Of the sanitizers, which do not abort. */
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

/* SIGTERM is what a test gets that takes too long. */
static void watch_for_death(const char *program)
{
	static const int signals[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTERM};
	const char *slash = strrchr(program, '/');

	snprintf(crash_name, sizeof(crash_name), "crash-%s", slash ? slash + 1 : program);
	if (__sanitizer_set_death_callback) {
		__sanitizer_set_death_callback(on_death);
		signal(SIGABRT, on_signal);
		signal(SIGTERM, on_signal);
		return;
	}
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		signal(signals[i], on_signal);
}

static void run(const uint8_t *data, size_t size)
{
	uint8_t *copy = fuzz_copy(data, size);

	running_size = size;
	running = copy;
	LLVMFuzzerTestOneInput(copy, size);
	running = NULL;
	free(copy);
}

/* Of a path its end tells enough. */
static void case_passed(const char *what, size_t inputs)
{
	const char *slash = strrchr(what, '/');

	while (slash && slash > what && slash[-1] != '/')
		slash--;
	printf("ok %u - %s: %zu inputs\n", ++n_cases, slash ? slash : what, inputs);
	fflush(stdout);
}

static void die(const char *path)
{
	printf("Bail out! %s: %s\n", path, strerror(errno));
	exit(2);
}

static void read_file(const char *path, const char *name)
{
	FILE *stream = fopen(path, "rb");
	struct file file = {.name = strdup(name)};
	struct stat status;

	if (!stream || !file.name || fstat(fileno(stream), &status) == -1)
		die(path);
	file.data = malloc((size_t)status.st_size + 1);
	files = realloc(files, (n_files + 1) * sizeof(*files));
	if (!file.data || !files)
		die(path);
	file.size = fread(file.data, 1, (size_t)status.st_size, stream);
	if (ferror(stream))
		die(path);
	fclose(stream);
	files[n_files++] = file;
}

static int is_shown(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Folders in folders are not gone into. Returns false for what is no folder. */
static bool read_folder(const char *path)
{
	struct dirent **entries;
	int n = scandir(path, &entries, is_shown, alphasort);

	if (n == -1)
		return false;
	for (int i = 0; i < n; i++) {
		char name[4096];
		struct stat status;

		snprintf(name, sizeof(name), "%s/%s", path, entries[i]->d_name);
		if (stat(name, &status) == 0 && S_ISREG(status.st_mode))
			read_file(name, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return true;
}

/* Returns the number of inputs that it made of it. */
static size_t run_file(const struct file *file)
{
	size_t step = file->size / CUTS_MAX + 1, inputs = 1;

	running_name = file->name;
	run(file->data, file->size);
	for (size_t size = 0; size < file->size; size += step, inputs++)
		run(file->data, size);
	running_name = "changes";
	return inputs;
}

static void run_files(const char *path, size_t first)
{
	size_t inputs = 0;

	for (size_t i = first; i < n_files; i++)
		inputs += run_file(&files[i]);
	case_passed(path, inputs);
}

/* SplitMix64: any seed is a good one. */
static uint64_t random_next(void)
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static size_t below(size_t limit)
{
	return (size_t)(random_next() % limit);
}

/* Puts some octets of another place, or of another file, over those at a place or between them. */
static size_t mix_in(uint8_t *data, size_t size, const struct file *from)
{
	size_t at = below(size + 1), len;
	bool insert = below(2);
	size_t start;

	if (!from->size)
		return size;
	start = below(from->size);
	len = 1 + below(from->size - start < 64 ? from->size - start : 64);
	if (insert && size + len <= SIZE_MAX_CHANGED) {
		memmove(data + at + len, data + at, size - at);
		size += len;
	}
	if (at + len > size)
		len = size - at;
	memcpy(data + at, from->data + start, len);
	return size;
}

static size_t cut_out(uint8_t *data, size_t size)
{
	size_t at = below(size), len = 1 + below(size - at < 32 ? size - at : 32);

	memmove(data + at, data + at + len, size - at - len);
	return size - len;
}

/* One change. Returns the new size. */
static size_t edit(uint8_t *data, size_t size)
{
	static const uint8_t telling[] = {0, 1, 2, 6, 7, 8, 0x7f, 0x80, 0xc8, 0xfe, 0xff, '"', '{'};

	if (!size)
		return mix_in(data, size, &files[below(n_files)]);
	switch (below(6)) {
	case 0:
		data[below(size)] ^= (uint8_t)(1u << below(8));
		break;
	case 1:
		data[below(size)] = (uint8_t)random_next();
		break;
	case 2:
		data[below(size)] = telling[below(sizeof(telling))];
		break;
	case 3:
		data[below(size)] += (uint8_t)(below(2) ? 1 : -1);
		break;
	case 4:
		return cut_out(data, size);
	default:
		return mix_in(data, size, &files[below(n_files)]);
	}
	return size;
}

static void run_changed(void)
{
	static uint8_t data[SIZE_MAX_CHANGED];
	const struct file *file = &files[below(n_files)];
	size_t size = file->size < sizeof(data) ? file->size : sizeof(data);

	memcpy(data, file->data, size);
	for (size_t edits = 1 + below(EDITS_MAX); edits; edits--)
		size = edit(data, size);
	run(data, size);
}

static void run_changes(void)
{
	struct timespec start, now;
	size_t inputs = 0;

	clock_gettime(CLOCK_MONOTONIC, &start);
	do {
		run_changed();
		inputs++;
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (now.tv_sec < start.tv_sec + SECONDS ||
		 (now.tv_sec == start.tv_sec + SECONDS && now.tv_nsec < start.tv_nsec));
	case_passed("random changes", inputs);
}

int main(int argc, char *argv[])
{
	bool change = false;

	watch_for_death(argv[0]);
	LLVMFuzzerInitialize(&argc, &argv);
	for (int i = 1; i < argc; i++) {
		size_t first = n_files;

		if (read_folder(argv[i]))
			change = true;
		else if (errno == ENOTDIR)
			read_file(argv[i], argv[i]);
		else
			die(argv[i]);
		run_files(argv[i], first);
	}
	if (!n_files) {
		printf("Bail out! no input\n");
		return 2;
	}
	if (change)
		run_changes();
	printf("1..%u\n", n_cases);
	for (size_t i = 0; i < n_files; i++) {
		free(files[i].name);
		free(files[i].data);
	}
	free(files);
	return 0;
}
