/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One walk over the text that knows comments, the two kinds of quotes, and braces.
 */
#include "config/text.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

#define TEXT_MAX ((size_t)16 << 20)

struct walk {
	char *at;
	unsigned int line;
	/* The last character that was neither blank nor in a comment; '"' for a string. */
	char last;
	unsigned int depth;
	/* Where the outermost open brace is. */
	unsigned int open_line;
	const struct source *source;
	struct faults *faults;
	struct section_lines *sections;
};

static void walk_fault(struct walk *w, unsigned int line, const char *text)
{
	fault_add(w->faults, (struct place){w->source, line}, "%s", text);
}

static bool section_lines_add(struct section_lines *sections, unsigned int line,
			      struct faults *faults)
{
	if (sections->count == sections->room) {
		size_t room = sections->room ? sections->room * 2 : 16;
		void *lines = mem_resize(sections->lines, room * sizeof(*sections->lines));

		if (!lines) {
			faults->no_memory = true;
			return false;
		}
		sections->lines = lines;
		sections->room = room;
	}
	sections->lines[sections->count++] = line;
	return true;
}

void section_lines_fini(struct section_lines *sections)
{
	mem_free(sections->lines);
	*sections = (struct section_lines){0};
}

static void blank_to_line_end(struct walk *w)
{
	while (*w->at && *w->at != '\n')
		*w->at++ = ' ';
}

static bool blank_to_comment_end(struct walk *w)
{
	unsigned int start = w->line;

	/* Past the opening, of which the star must not be taken for that of the end. */
	memset(w->at, ' ', 2);
	w->at += 2;
	while (strncmp(w->at, "*/", 2) != 0) {
		if (!*w->at) {
			walk_fault(w, start, "this comment never ends: */ is missing");
			return false;
		}
		if (*w->at == '\n')
			w->line++;
		else
			*w->at = ' ';
		w->at++;
	}
	memset(w->at, ' ', 2);
	w->at += 2;
	return true;
}

static bool no_variables(struct walk *w)
{
	walk_fault(w, w->line,
		   "${ stands for no environment variable here: write the text in single quotes");
	return false;
}

static bool skip_string(struct walk *w)
{
	unsigned int start = w->line;
	char quote = *w->at++;

	for (; *w->at != quote; w->at++) {
		if (*w->at == '\\' && w->at[1])
			w->at++;
		else if (quote == '"' && strncmp(w->at, "${", 2) == 0)
			return no_variables(w);
		if (!*w->at) {
			walk_fault(w, start, "this text never ends: a closing quote is missing");
			return false;
		}
		if (*w->at == '\n')
			w->line++;
	}
	w->at++;
	w->last = '"';
	return true;
}

static bool open_brace(struct walk *w)
{
	if (w->depth++ == 0) {
		w->open_line = w->line;
		/* After = it opens a list. */
		if (w->last != '=' && !section_lines_add(w->sections, w->line, w->faults))
			return false;
	}
	w->last = *w->at++;
	return true;
}

static bool plain_char(struct walk *w)
{
	switch (*w->at) {
	case '{':
		return open_brace(w);
	case '}':
		if (w->depth)
			w->depth--;
		break;
	case '$':
		if (w->at[1] == '{')
			return no_variables(w);
		break;
	case '*':
	case '+':
		/* libconfuse drops them without a word: +49 would become 49. */
		if (w->at[1] == '=' && *w->at == '+')
			break;
		fault_add(w->faults, (struct place){w->source, w->line},
			  "a text with %c in it has to be written in quotes", *w->at);
		return false;
	case '\n':
		w->line++;
		break;
	}
	if (!isspace((unsigned char)*w->at))
		w->last = *w->at;
	w->at++;
	return true;
}

/* A comment starts no earlier than a word does: "http://" is none. */
static bool starts_word(const struct walk *w, const char *text)
{
	return w->at == text || strchr(" \t\r\n{}()=,\"'", w->at[-1]);
}

bool text_prepare(char *text, const struct source *source, struct faults *faults,
		  struct section_lines *sections)
{
	struct walk w = {.at = text, .line = 1, .source = source, .faults = faults};
	bool ok = true;

	*sections = (struct section_lines){0};
	w.sections = sections;
	while (ok && *w.at) {
		bool word = starts_word(&w, text);

		if (*w.at == '#' || (word && strncmp(w.at, "//", 2) == 0))
			blank_to_line_end(&w);
		else if (word && strncmp(w.at, "/*", 2) == 0)
			ok = blank_to_comment_end(&w);
		else if (*w.at == '"' || *w.at == '\'')
			ok = skip_string(&w);
		else
			ok = plain_char(&w);
	}
	if (ok && w.depth) {
		walk_fault(&w, w.open_line, "this { is never closed: } is missing");
		ok = false;
	}
	return ok;
}

static int read_all(int fd, size_t size, char *text)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = read(fd, text + done, size - done);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return -errno;
		if (n == 0)
			break;
		done += (size_t)n;
	}
	text[done] = '\0';
	return strlen(text) == done ? 0 : -EILSEQ;
}

int text_read(const char *path, struct source *source, char **ret)
{
	struct stat st;
	char *text = NULL;
	int fd, err;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return -errno;
	err = fstat(fd, &st) == -1 ? -errno : 0;
	if (!err && !S_ISREG(st.st_mode))
		err = S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
	if (!err && (size_t)st.st_size > TEXT_MAX)
		err = -EFBIG;
	if (!err) {
		text = mem_alloc((size_t)st.st_size + 1);
		err = text ? read_all(fd, (size_t)st.st_size, text) : -ENOMEM;
	}
	close(fd);
	if (err) {
		mem_free(text);
		return err;
	}
	source->device = st.st_dev;
	source->inode = st.st_ino;
	*ret = text;
	return 0;
}
