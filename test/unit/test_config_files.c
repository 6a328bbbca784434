/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Configuration files as a whole. What is wrong with each file of config/bad/ stands in its own
 * first lines, "# expect: LINE: TEXT", and nothing else may be told of it.
 */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config_load.h"

static size_t list_length(const struct list *list)
{
	size_t n = 0;

	for (const struct list *node = list->next; node != list; node = node->next)
		n++;
	return n;
}

static void test_good_files(void **state)
{
	char pattern[512];
	glob_t found;

	(void)state;
	snprintf(pattern, sizeof(pattern), "%s/good/*.conf", config_dir());
	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	assert_true(found.gl_pathc >= 5);
	for (size_t i = 0; i < found.gl_pathc; i++)
		config_free(load_good(found.gl_pathv[i]));
	globfree(&found);
}

static void test_example(void **state)
{
	struct config *config;
	char path[512];

	(void)state;
	snprintf(path, sizeof(path), "%s/daemon/config/adit.conf.example", getenv("SOURCE_ROOT"));
	config = load_good(path);
	assert_int_equal(list_length(&config->listens), 1);
	assert_int_equal(find_peer(config, "access-north")->calls, CALL_PPP);
	assert_int_equal(find_peer(config, "access-north")->challenge, CHALLENGE_REQUIRE);
	assert_int_equal(find_peer(config, "wholesale")->calls, CALL_REJECT);
	assert_non_null(config_find_session(config, "uplink"));
	config_free(config);
}

/*
 * CONFIG and FILE in what is expected stand for the folder of the files and the file itself, which
 * is also the one that is meant where only a line is given.
 */
static void expand(const char *from, const char *path, char to[static LINE_MAX_SIZE])
{
	size_t len = 0;

	if (from[strspn(from, "0123456789")] == ':')
		len = (size_t)snprintf(to, LINE_MAX_SIZE, "%s:", path);
	while (*from && *from != '\n') {
		const char *instead = from;
		size_t skip = 1;
		int instead_len = 1;

		if (strncmp(from, "CONFIG/", 7) == 0) {
			instead = config_dir();
			skip = 6;
			instead_len = (int)strlen(instead);
		} else if (strncmp(from, "FILE:", 5) == 0) {
			instead = path;
			skip = 4;
			instead_len = (int)strlen(instead);
		}
		assert_true(len < LINE_MAX_SIZE);
		len += (size_t)snprintf(to + len, LINE_MAX_SIZE - len, "%.*s", instead_len,
					instead);
		from += skip;
	}
}

static void read_expected(const char *path, struct lines *ret)
{
	static const char mark[] = "# expect: ";
	char *text = read_text(path);
	char *at = text;

	ret->count = 0;
	while ((at = strstr(at, mark))) {
		assert_true(ret->count < LINES_MAX);
		at += strlen(mark);
		expand(at, path, ret->text[ret->count++]);
	}
	mem_free(text);
}

static bool same_lines(const char *path, const struct lines *got, const struct lines *want)
{
	for (size_t i = 0; i < got->count || i < want->count; i++) {
		const char *a = i < got->count ? got->text[i] : "nothing";
		const char *b = i < want->count ? want->text[i] : "nothing";

		if (strcmp(a, b) != 0) {
			print_message("%s\n     told: %s\n expected: %s\n", path, a, b);
			return false;
		}
	}
	return true;
}

static void test_bad_files(void **state)
{
	struct lines *got = calloc(1, sizeof(*got));
	struct lines *want = calloc(1, sizeof(*want));
	char pattern[512];
	glob_t found;
	size_t wrong = 0;

	(void)state;
	assert_non_null(got);
	assert_non_null(want);
	snprintf(pattern, sizeof(pattern), "%s/bad/*.conf", config_dir());
	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	assert_true(found.gl_pathc >= 40);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *path = found.gl_pathv[i];
		struct config *config = NULL;

		got->count = 0;
		read_expected(path, want);
		/* A file that expects nothing belongs to the good ones. */
		assert_true(want->count > 0);
		assert_int_equal(config_load(path, take_line, got, &config), -EINVAL);
		assert_null(config);
		wrong += !same_lines(path, got, want);
	}
	globfree(&found);
	free(got);
	free(want);
	assert_int_equal(wrong, 0);
}

static void test_unreadable(void **state)
{
	static const struct {
		const char *path;
		const char *line;
	} cases[] = {
		{"/nonexistent/adit.conf",
		 "/nonexistent/adit.conf: cannot read: No such file or directory"},
		{"/", "/: cannot read: Is a directory"},
		{"/dev/null", "/dev/null: cannot read: Invalid argument"},
	};
	struct lines *lines = calloc(1, sizeof(*lines));
	struct config *config = NULL;

	(void)state;
	assert_non_null(lines);
	for (size_t i = 0; i < COUNT(cases); i++) {
		lines->count = 0;
		assert_int_equal(config_load(cases[i].path, take_line, lines, &config), -EINVAL);
		assert_int_equal(lines->count, 1);
		assert_string_equal(lines->text[0], cases[i].line);
	}
	free(lines);
}

static void test_comments(void **state)
{
	struct config *config = load_good_file("comments.conf");
	const struct peer *peer = find_peer(config, "a");

	(void)state;
	assert_int_equal(config->workers, 7);
	assert_int_equal(config->limits.max_tunnels, 8);
	assert_string_equal(peer->host_name, "a # b // c /* d */");
	assert_string_equal(peer->local_name, "x//y");
	assert_string_equal(peer->secret, "a\\b'${c}\"d");
	config_free(config);
}

static void test_include(void **state)
{
	struct config *config = load_good_file("include.conf");

	(void)state;
	assert_int_equal(config->workers, 3);
	assert_int_equal(config->limits.max_sessions, 5);
	assert_string_equal(config_find_ppp(config, "from-include")->options[1], "1400");
	assert_int_equal(find_peer(config, "late")->calls, CALL_PPP);
	config_free(config);
}

/* A configuration in a folder of its own, with a file beside it. */
struct folder {
	char path[64];
	char conf[128];
	char beside[128];
};

static void write_file(const char *path, const char *text, size_t len, mode_t mode)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static void folder_make(struct folder *folder, const char *conf, const char *beside)
{
	strcpy(folder->path, "/tmp/test_config.XXXXXX");
	assert_non_null(mkdtemp(folder->path));
	snprintf(folder->conf, sizeof(folder->conf), "%s/adit.conf", folder->path);
	snprintf(folder->beside, sizeof(folder->beside), "%s/%s", folder->path, beside);
	write_file(folder->conf, conf, strlen(conf), 0600);
}

static void folder_remove(const struct folder *folder)
{
	unlink(folder->conf);
	unlink(folder->beside);
	assert_int_equal(rmdir(folder->path), 0);
}

static void test_secret_file(void **state)
{
#define SECRET_64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	static const struct {
		const char *text;
		size_t len;
		mode_t mode;
		const char *secret;
		const char *fault;
	} cases[] = {
		{"one\n", 4, 0600, "one", NULL},
		{"one", 3, 0640, "one", NULL},
		{"one two # three\nfour\n", 21, 0600, "one two # three", NULL},
		{"one\r\n", 5, 0600, "one", NULL},
		{"one\n\0", 5, 0600, NULL, "has a NUL in its first line"},
		{"o\0ne\n", 5, 0600, NULL, "has a NUL in its first line"},
		{"one\n", 4, 0604, NULL, "is readable by others: chmod 600 it"},
		{"one\n", 4, 0602, NULL, "is readable by others: chmod 600 it"},
		{"\none\n", 5, 0600, NULL, "has an empty first line"},
		{"", 0, 0600, NULL, "has an empty first line"},
		{SECRET_64 SECRET_64 SECRET_64 SECRET_64, 255, 0600,
		 SECRET_64 SECRET_64 SECRET_64
		 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde",
		 NULL},
		{SECRET_64 SECRET_64 SECRET_64 SECRET_64, 256, 0600, NULL,
		 "holds more than 255 characters"},
	};
	struct folder folder;

	(void)state;
	folder_make(&folder, "peer a {\n secret_file = lac.secret\n}\n", "lac.secret");
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct lines *lines = calloc(1, sizeof(*lines));
		struct config *config = NULL;
		char want[256];
		int err;

		assert_non_null(lines);
		write_file(folder.beside, cases[i].text, cases[i].len, cases[i].mode);
		err = config_load(folder.conf, take_line, lines, &config);
		if (cases[i].secret) {
			assert_int_equal(err, 0);
			assert_string_equal(find_peer(config, "a")->secret, cases[i].secret);
			assert_int_equal(find_peer(config, "a")->challenge, CHALLENGE_REQUIRE);
			config_free(config);
		} else {
			assert_int_equal(err, -EINVAL);
			assert_int_equal(lines->count, 1);
			snprintf(want, sizeof(want), "%s:2: peer a: secret_file = lac.secret: %s",
				 folder.conf, cases[i].fault);
			assert_string_equal(lines->text[0], want);
		}
		free(lines);
	}
	folder_remove(&folder);
}

static void test_secret_file_fifo(void **state)
{
	struct lines *lines = calloc(1, sizeof(*lines));
	struct config *config = NULL;
	struct folder folder;

	(void)state;
	assert_non_null(lines);
	folder_make(&folder, "peer a { secret_file = fifo }", "fifo");
	assert_int_equal(mkfifo(folder.beside, 0600), 0);
	assert_int_equal(config_load(folder.conf, take_line, lines, &config), -EINVAL);
	assert_non_null(strstr(lines->text[0], "is no regular file"));
	folder_remove(&folder);
	free(lines);
}

static void test_options_file(void **state)
{
	struct config *config;
	struct folder folder;

	(void)state;
	folder_make(&folder, "ppp p { options_file = options.adit }", "options.adit");
	write_file(folder.beside, "noccp\n", 6, 0600);
	config = load_good(folder.conf);
	/* pppd runs elsewhere. */
	assert_string_equal(config_find_ppp(config, "p")->options_file, folder.beside);
	config_free(config);
	folder_remove(&folder);
}

static void test_text_opens_no_file(void **state)
{
	static const struct {
		const char *text;
		const char *line;
	} cases[] = {
		{"include = \"/etc/*\"", "text:1: include: no file can be read from here"},
		{"\npeer a { secret_file = /etc/shadow }",
		 "text:2: peer a: secret_file = /etc/shadow: no file can be read from here"},
		{"ppp a { options_file = /etc/passwd }",
		 "text:1: ppp a: options_file = /etc/passwd: no file can be read from here"},
	};
	struct lines *lines = calloc(1, sizeof(*lines));
	struct config *config = NULL;

	(void)state;
	assert_non_null(lines);
	for (size_t i = 0; i < COUNT(cases); i++) {
		lines->count = 0;
		assert_int_equal(config_load_text("text", cases[i].text, take_line, lines, &config),
				 -EINVAL);
		assert_int_equal(lines->count, 1);
		assert_string_equal(lines->text[0], cases[i].line);
	}
	free(lines);
}

static void test_no_memory(void **state)
{
	char path[512], *text;
	struct config *config = NULL;
	unsigned int n = 0;
	int err;

	(void)state;
	snprintf(path, sizeof(path), "%s/good/full.conf", config_dir());
	text = read_text(path);
	do {
		__mem_fail_after(++n);
		err = config_load_text("text", text, ignore_line, NULL, &config);
		__mem_fail_after(0);
		assert_true(err == 0 || err == -ENOMEM);
	} while (err);
	/* A peer more than once, and everything else at least so often. */
	assert_true(n > 200);
	config_free(config);
	mem_free(text);
}

/* Cut off, or with a character that means something in its middle: told, never worse. */
static void test_damaged(void **state)
{
	static const char marks[] = "{}=,\"'#\\";
	char path[512], *text;
	size_t len, refused = 0;

	(void)state;
	snprintf(path, sizeof(path), "%s/good/full.conf", config_dir());
	text = read_text(path);
	len = strlen(text);
	for (size_t i = 0; i < len; i += 3) {
		struct config *config = NULL;
		char kept = text[i];
		int err;

		text[i] = i % 2 ? '\0' : marks[i / 2 % (sizeof(marks) - 1)];
		err = config_load_text("text", text, ignore_line, NULL, &config);
		assert_true(err == 0 || err == -EINVAL);
		if (err)
			refused++;
		else
			config_free(config);
		text[i] = kept;
	}
	assert_true(refused > len / 3 / 2);
	mem_free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_files),   cmocka_unit_test(test_example),
		cmocka_unit_test(test_bad_files),    cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_comments),     cmocka_unit_test(test_include),
		cmocka_unit_test(test_secret_file),  cmocka_unit_test(test_secret_file_fifo),
		cmocka_unit_test(test_options_file), cmocka_unit_test(test_text_opens_no_file),
		cmocka_unit_test(test_no_memory),    cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
