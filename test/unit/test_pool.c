/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The worker pool: order within a queue, queues side by side, which thread runs what, and the end.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "netlink/pool.h"

struct task {
	struct pool_job job;
	struct pool *pool;
	unsigned int sleep_msec;
	unsigned int number;
	/* Added again by done() so many times. */
	unsigned int again;

	pthread_t ran_on;
	pthread_t done_on;
	unsigned int runs;
	unsigned int dones;
	bool signals_blocked;
	bool idle_when_done;
};

static int wake_fd;
static unsigned int wakes;

/* Of the queue under test: the numbers in the order they ran and were done. */
static unsigned int ran[64], done[64];
static size_t ran_count, done_count;
static unsigned int running, running_max;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void wake(void *ctx)
{
	uint64_t one = 1;

	assert_ptr_equal(ctx, &wake_fd);
	__atomic_add_fetch(&wakes, 1, __ATOMIC_RELAXED);
	if (write(wake_fd, &one, sizeof(one)) != sizeof(one))
		abort();
}

static void sleep_msec(unsigned int msec)
{
	struct timespec time = {.tv_sec = msec / 1000, .tv_nsec = msec % 1000 * 1000000L};

	nanosleep(&time, NULL);
}

static uint64_t now_msec(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void task_run(struct pool_job *job, struct pool_worker *worker)
{
	struct task *task = container_of(job, struct task, job);
	sigset_t blocked;

	(void)worker;
	pthread_mutex_lock(&lock);
	ran[ran_count++ % 64] = task->number;
	if (++running > running_max)
		running_max = running;
	pthread_mutex_unlock(&lock);

	task->ran_on = pthread_self();
	task->runs++;
	pthread_sigmask(SIG_BLOCK, NULL, &blocked);
	task->signals_blocked = sigismember(&blocked, SIGTERM) && sigismember(&blocked, SIGCHLD);
	sleep_msec(task->sleep_msec);

	pthread_mutex_lock(&lock);
	running--;
	pthread_mutex_unlock(&lock);
}

static void task_done(struct pool_job *job)
{
	struct task *task = container_of(job, struct task, job);

	task->done_on = pthread_self();
	task->dones++;
	task->idle_when_done = pool_queue_idle(job->queue);
	done[done_count++ % 64] = task->number;
	if (task->again) {
		task->again--;
		pool_add(task->pool, job->queue, job);
	}
}

static void task_init(struct task *task, struct pool *pool, unsigned int number, unsigned int msec)
{
	*task = (struct task){
		.job = {.run = task_run, .done = task_done},
		.pool = pool,
		.number = number,
		.sleep_msec = msec,
	};
}

static struct pool *start(unsigned int workers)
{
	struct pool *pool;

	wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	assert_int_not_equal(wake_fd, -1);
	wakes = 0;
	ran_count = 0;
	done_count = 0;
	running_max = 0;
	assert_int_equal(pool_new(workers, wake, &wake_fd, &pool), 0);
	return pool;
}

/* What an event loop does; fails when no wake-up comes. */
static void loop(struct pool *pool)
{
	struct pollfd poll_fd = {.fd = wake_fd, .events = POLLIN};
	uint64_t count;

	while (pool_pending(pool)) {
		assert_int_equal(poll(&poll_fd, 1, 5000), 1);
		assert_int_equal(read(wake_fd, &count, sizeof(count)), sizeof(count));
		pool_reap(pool);
	}
}

static void finish(struct pool *pool)
{
	pool_free(pool);
	close(wake_fd);
}

static void test_bounds(void **state)
{
	struct pool *pool = NULL;

	(void)state;
	assert_int_equal(pool_new(0, wake, &wake_fd, &pool), -EINVAL);
	assert_int_equal(pool_new(257, wake, &wake_fd, &pool), -EINVAL);
	assert_null(pool);
	pool = start(256);
	finish(pool);
}

static void test_order_in_queue(void **state)
{
	struct pool *pool = start(8);
	struct task tasks[32];
	struct pool_queue queue;

	(void)state;
	pool_queue_init(&queue);
	assert_true(pool_queue_idle(&queue));
	for (unsigned int i = 0; i < 32; i++) {
		/* The first ones are the slowest, so that others would overtake. */
		task_init(&tasks[i], pool, i, i < 4 ? 10 : 0);
		pool_add(pool, &queue, &tasks[i].job);
	}
	assert_false(pool_queue_idle(&queue));
	assert_int_equal(pool_pending(pool), 32);
	loop(pool);
	assert_true(pool_queue_idle(&queue));
	assert_int_equal(ran_count, 32);
	assert_int_equal(done_count, 32);
	assert_int_equal(running_max, 1);
	for (unsigned int i = 0; i < 32; i++) {
		assert_int_equal(ran[i], i);
		assert_int_equal(done[i], i);
		assert_int_equal(tasks[i].idle_when_done, i == 31);
	}
	finish(pool);
}

static void test_queues_side_by_side(void **state)
{
	struct pool *pool = start(16);
	struct pool_queue queues[16];
	struct task tasks[16];
	uint64_t start_msec;

	(void)state;
	start_msec = now_msec();
	for (unsigned int i = 0; i < 16; i++) {
		pool_queue_init(&queues[i]);
		task_init(&tasks[i], pool, i, 200);
		pool_add(pool, &queues[i], &tasks[i].job);
	}
	loop(pool);
	/* One after the other they take 3.2 s. */
	assert_in_range(now_msec() - start_msec, 200, 1600);
	assert_int_equal(running_max, 16);
	finish(pool);
}

/* A long queue does not keep a worker: the others' jobs come between. */
static void test_queues_take_turns(void **state)
{
	struct pool *pool = start(1);
	struct pool_queue queues[2];
	struct task tasks[9];

	(void)state;
	pool_queue_init(&queues[0]);
	pool_queue_init(&queues[1]);
	for (unsigned int i = 0; i < 9; i++) {
		task_init(&tasks[i], pool, i, 5);
		pool_add(pool, &queues[i == 8], &tasks[i].job);
	}
	loop(pool);
	for (unsigned int i = 0; i < 9; i++) {
		if (ran[i] == 8) {
			assert_in_range(i, 0, 3);
			finish(pool);
			return;
		}
	}
	fail();
}

static void test_threads(void **state)
{
	struct pool *pool = start(2);
	struct pool_queue queue;
	struct task task;
	sigset_t blocked;

	(void)state;
	pool_queue_init(&queue);
	task_init(&task, pool, 0, 0);
	pool_add(pool, &queue, &task.job);
	loop(pool);
	assert_false(pthread_equal(task.ran_on, pthread_self()));
	assert_true(pthread_equal(task.done_on, pthread_self()));
	assert_true(task.signals_blocked);
	pthread_sigmask(SIG_BLOCK, NULL, &blocked);
	assert_false(sigismember(&blocked, SIGTERM));
	finish(pool);
}

static void test_wakes_once_until_reaped(void **state)
{
	struct pool *pool = start(1);
	struct task tasks[20];
	struct pool_queue queue;

	(void)state;
	pool_queue_init(&queue);
	for (unsigned int i = 0; i < 20; i++) {
		task_init(&tasks[i], pool, i, 1);
		pool_add(pool, &queue, &tasks[i].job);
	}
	sleep_msec(200);
	assert_int_equal(__atomic_load_n(&wakes, __ATOMIC_RELAXED), 1);
	assert_int_equal(done_count, 0);
	loop(pool);
	assert_int_equal(done_count, 20);
	finish(pool);
}

static void test_added_again_from_done(void **state)
{
	struct pool *pool = start(2);
	struct pool_queue queue;
	struct task task;

	(void)state;
	pool_queue_init(&queue);
	task_init(&task, pool, 0, 0);
	task.again = 9;
	pool_add(pool, &queue, &task.job);
	loop(pool);
	assert_int_equal(task.runs, 10);
	assert_int_equal(task.dones, 10);
	finish(pool);
}

static void free_done(struct pool_job *job)
{
	free(container_of(job, struct task, job));
	done_count++;
}

/* Nobody reaps: pool_free() must run all of it, what done() adds too, and be done with it. */
static void test_free_drains(void **state)
{
	struct pool *pool = start(4);
	struct pool_queue queues[4];
	struct pool_queue again_queue;
	struct task again;

	(void)state;
	for (unsigned int i = 0; i < 4; i++) {
		pool_queue_init(&queues[i]);
		for (unsigned int j = 0; j < 8; j++) {
			struct task *task = malloc(sizeof(*task));

			assert_non_null(task);
			task_init(task, pool, j, 2);
			task->job.done = free_done;
			pool_add(pool, &queues[i], &task->job);
		}
	}
	pool_queue_init(&again_queue);
	task_init(&again, pool, 0, 1);
	again.again = 20;
	pool_add(pool, &again_queue, &again.job);
	finish(pool);
	assert_int_equal(done_count, 32 + 21);
	assert_int_equal(again.runs, 21);
	for (unsigned int i = 0; i < 4; i++)
		assert_true(pool_queue_idle(&queues[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_order_in_queue),
		cmocka_unit_test(test_queues_side_by_side),
		cmocka_unit_test(test_queues_take_turns),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_wakes_once_until_reaped),
		cmocka_unit_test(test_added_again_from_done),
		cmocka_unit_test(test_free_drains),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
