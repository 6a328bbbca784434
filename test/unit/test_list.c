/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The intrusive list: order, removal while walking, and removal twice.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/list.h"

struct item {
	int value;
	struct list node;
};

static void assert_values(struct list *head, const int *values, size_t count)
{
	struct item *item;
	size_t i = 0;

	list_for_each (item, head, node) {
		assert_true(i < count);
		assert_int_equal(item->value, values[i]);
		i++;
	}
	assert_int_equal(i, count);
}

static void test_order(void **state)
{
	struct item a = {.value = 1}, b = {.value = 2}, c = {.value = 3};
	struct list head;

	(void)state;
	list_init(&head);
	assert_true(list_empty(&head));
	assert_null(list_first(&head, struct item, node));
	list_append(&head, &b.node);
	list_append(&head, &c.node);
	list_prepend(&head, &a.node);
	assert_values(&head, (int[]){1, 2, 3}, 3);
	assert_ptr_equal(list_first(&head, struct item, node), &a);
	assert_false(list_empty(&head));
}

static void test_remove(void **state)
{
	struct item a = {.value = 1}, b = {.value = 2};
	struct list head;

	(void)state;
	list_init(&head);
	list_append(&head, &a.node);
	list_append(&head, &b.node);
	list_remove(&a.node);
	assert_true(list_empty(&a.node));
	assert_values(&head, (int[]){2}, 1);
	list_remove(&a.node);
	assert_values(&head, (int[]){2}, 1);
	list_append(&head, &a.node);
	assert_values(&head, (int[]){2, 1}, 2);
}

static void test_remove_while_walking(void **state)
{
	struct item items[5];
	struct item *item, *after;
	struct list head;

	(void)state;
	list_init(&head);
	for (int i = 0; i < 5; i++) {
		items[i].value = i;
		list_append(&head, &items[i].node);
	}
	list_for_each_safe (item, after, &head, node) {
		if (item->value % 2 == 0)
			list_remove(&item->node);
	}
	assert_values(&head, (int[]){1, 3}, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_remove),
		cmocka_unit_test(test_remove_while_walking),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
