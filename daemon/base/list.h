/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Intrusive doubly linked list: a ring of nodes through a head that holds no value.
 *
 * A node lives inside the object it links, so linking never allocates and unlinking needs no
 * search. A node that is in no list points to itself; list_remove() leaves it so, and may be
 * called on it again.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define container_of(ptr, type, member) ((type *)((char *)(ptr)-offsetof(type, member)))

struct list {
	struct list *next;
	struct list *prev;
};

static inline void list_init(struct list *node)
{
	node->next = node;
	node->prev = node;
}

static inline bool list_empty(const struct list *head)
{
	return head->next == head;
}

static inline void list_append(struct list *head, struct list *node)
{
	node->prev = head->prev;
	node->next = head;
	head->prev->next = node;
	head->prev = node;
}

static inline void list_prepend(struct list *head, struct list *node)
{
	list_append(head->next, node);
}

static inline void list_remove(struct list *node)
{
	node->prev->next = node->next;
	node->next->prev = node->prev;
	list_init(node);
}

#define list_entry(node, type, member) container_of(node, type, member)

#define list_first(head, type, member) \
	(list_empty(head) ? NULL : list_entry((head)->next, type, member))

/* NOLINTBEGIN(bugprone-macro-parentheses): item is a variable to assign to, member a name. */
#define list_for_each(item, head, member)                                                     \
	for (item = list_entry((head)->next, typeof(*item), member); &item->member != (head); \
	     item = list_entry(item->member.next, typeof(*item), member))

/* The walk of a list whose current item may be removed or freed, but not its successor. */
#define list_for_each_safe(item, after, head, member)                     \
	for (item = list_entry((head)->next, typeof(*item), member),      \
	    after = list_entry(item->member.next, typeof(*item), member); \
	     &item->member != (head);                                     \
	     item = after, after = list_entry(item->member.next, typeof(*item), member))
/* NOLINTEND(bugprone-macro-parentheses) */
