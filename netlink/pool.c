/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Worker threads and their ordered queues.
 *
 * A queue that has jobs and no worker stands once in `ready`; a worker takes the queue's first job
 * and puts the queue back, at the end, when that job is finished and others wait behind it. One
 * mutex guards all of it: the jobs take milliseconds, the critical sections nanoseconds.
 *
 * A worker without a job sleeps on a semaphore of its own, and the one that fell asleep last is
 * woken first: its memory is still in the cache, and as many threads run as there is work for. It
 * is woken when the mutex is free again, so that it does not wake up only to wait once more.
 */
#include "netlink/pool.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>

#include "base/mem.h"
#include "netlink/l2tp.h"

#define WORKERS_MAX 256
/* A job needs little more than the C library does; 256 threads of 8 MiB would worry overcommit. */
#define STACK_SIZE ((size_t)128 * 1024)

struct pool_worker {
	struct pool *pool;
	pthread_t thread;
	struct list idle; /* in the pool's list while it has no job */
	sem_t wake;
	struct l2tp_nl *nl;
};

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t finished; /* a job did; only pool_drain() waits for it */
	struct list ready;	 /* of struct pool_queue */
	struct list done;	 /* of struct pool_job, in the order they finished */
	struct list idle;	 /* of struct pool_worker, who fell asleep last is first */
	bool stop;

	/* Of the loop's thread. */
	struct list reaping;
	size_t pending;
	unsigned int started;

	void (*wake)(void *ctx);
	void *ctx;
	struct pool_worker workers[];
};

static void list_move_all(struct list *from, struct list *to)
{
	if (list_empty(from))
		return;
	from->next->prev = to->prev;
	to->prev->next = from->next;
	from->prev->next = to;
	to->prev = from->prev;
	list_init(from);
}

int pool_worker_nl(struct pool_worker *worker, struct l2tp_nl **ret)
{
	int err;

	if (!worker->nl) {
		err = l2tp_nl_open(&worker->nl);
		if (err < 0)
			return err;
	}
	*ret = worker->nl;
	return 0;
}

/* Called and left with the lock held. */
static void run_first_job(struct pool *pool, struct pool_worker *worker)
{
	struct pool_queue *queue = list_first(&pool->ready, struct pool_queue, ready);
	struct pool_job *job = list_first(&queue->jobs, struct pool_job, node);
	bool was_empty;

	list_remove(&queue->ready);
	list_remove(&job->node);
	queue->busy = true;
	pthread_mutex_unlock(&pool->lock);

	job->run(job, worker);

	pthread_mutex_lock(&pool->lock);
	queue->busy = false;
	/* No signal: this worker looks at `ready` next. */
	if (!list_empty(&queue->jobs))
		list_append(&pool->ready, &queue->ready);
	was_empty = list_empty(&pool->done);
	list_append(&pool->done, &job->node);
	if (!was_empty)
		return;
	pthread_cond_signal(&pool->finished);
	pthread_mutex_unlock(&pool->lock);
	pool->wake(pool->ctx);
	pthread_mutex_lock(&pool->lock);
}

static void sem_wait_always(sem_t *sem)
{
	while (sem_wait(sem) == -1 && errno == EINTR)
		;
}

/* Called and left with the lock held. */
static void sleep_until_woken(struct pool *pool, struct pool_worker *worker)
{
	list_prepend(&pool->idle, &worker->idle);
	pthread_mutex_unlock(&pool->lock);
	sem_wait_always(&worker->wake);
	pthread_mutex_lock(&pool->lock);
}

static void *worker_main(void *arg)
{
	struct pool_worker *worker = arg;
	struct pool *pool = worker->pool;
	char name[16]; /* the kernel's limit for a thread's name */

	snprintf(name, sizeof(name), "dataplane/%u", (unsigned int)(worker - pool->workers));
	pthread_setname_np(pthread_self(), name);

	pthread_mutex_lock(&pool->lock);
	for (;;) {
		if (!list_empty(&pool->ready))
			run_first_job(pool, worker);
		else if (pool->stop)
			break;
		else
			sleep_until_woken(pool, worker);
	}
	pthread_mutex_unlock(&pool->lock);
	l2tp_nl_close(worker->nl);
	return NULL;
}

/* Signals are the loop's: a worker that took one would run handlers beside it. */
static int start_workers(struct pool *pool, unsigned int workers)
{
	pthread_attr_t attr;
	sigset_t all, old;
	int err;

	err = pthread_attr_init(&attr);
	if (err)
		return -err;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_attr_setstacksize(&attr, STACK_SIZE);
	while (!err && pool->started < workers) {
		struct pool_worker *worker = &pool->workers[pool->started];

		worker->pool = pool;
		list_init(&worker->idle);
		sem_init(&worker->wake, 0, 0);
		err = pthread_create(&worker->thread, &attr, worker_main, worker);
		if (err)
			sem_destroy(&worker->wake);
		else
			pool->started++;
	}
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&attr);
	return -err;
}

int pool_new(unsigned int workers, void (*wake)(void *ctx), void *ctx, struct pool **ret)
{
	struct pool *pool;
	int err;

	if (!workers || workers > WORKERS_MAX)
		return -EINVAL;
	pool = mem_alloc(sizeof(*pool) + workers * sizeof(pool->workers[0]));
	if (!pool)
		return -ENOMEM;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->finished, NULL);
	list_init(&pool->ready);
	list_init(&pool->done);
	list_init(&pool->idle);
	list_init(&pool->reaping);
	pool->wake = wake;
	pool->ctx = ctx;

	err = start_workers(pool, workers);
	if (err < 0) {
		pool_free(pool);
		return err;
	}
	*ret = pool;
	return 0;
}

void pool_drain(struct pool *pool)
{
	while (pool->pending) {
		pthread_mutex_lock(&pool->lock);
		while (list_empty(&pool->done))
			pthread_cond_wait(&pool->finished, &pool->lock);
		pthread_mutex_unlock(&pool->lock);
		pool_reap(pool);
	}
}

void pool_free(struct pool *pool)
{
	if (!pool)
		return;
	pool_drain(pool);

	pthread_mutex_lock(&pool->lock);
	pool->stop = true;
	pthread_mutex_unlock(&pool->lock);
	for (unsigned int i = 0; i < pool->started; i++)
		sem_post(&pool->workers[i].wake);
	for (unsigned int i = 0; i < pool->started; i++) {
		pthread_join(pool->workers[i].thread, NULL);
		sem_destroy(&pool->workers[i].wake);
	}

	pthread_cond_destroy(&pool->finished);
	pthread_mutex_destroy(&pool->lock);
	mem_free(pool);
}

void pool_queue_init(struct pool_queue *queue)
{
	*queue = (struct pool_queue){0};
	list_init(&queue->jobs);
	list_init(&queue->ready);
}

bool pool_queue_idle(const struct pool_queue *queue)
{
	return queue->pending == 0;
}

void pool_add(struct pool *pool, struct pool_queue *queue, struct pool_job *job)
{
	struct pool_worker *worker = NULL;

	job->queue = queue;
	queue->pending++;
	pool->pending++;

	pthread_mutex_lock(&pool->lock);
	list_append(&queue->jobs, &job->node);
	if (!queue->busy && list_empty(&queue->ready)) {
		list_append(&pool->ready, &queue->ready);
		worker = list_first(&pool->idle, struct pool_worker, idle);
		if (worker)
			list_remove(&worker->idle);
	}
	pthread_mutex_unlock(&pool->lock);
	if (worker)
		sem_post(&worker->wake);
}

void pool_reap(struct pool *pool)
{
	struct pool_job *job;

	pthread_mutex_lock(&pool->lock);
	list_move_all(&pool->done, &pool->reaping);
	pthread_mutex_unlock(&pool->lock);

	/* The list is the pool's, not this call's: done() may call pool_reap() and keep the order.
	 */
	while ((job = list_first(&pool->reaping, struct pool_job, node))) {
		list_remove(&job->node);
		job->queue->pending--;
		pool->pending--;
		job->done(job);
	}
}

size_t pool_pending(const struct pool *pool)
{
	return pool->pending;
}
