/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lockout of a destination that failed.
 *
 * It gets no call for a while; then, if so configured, a tunnel is opened for a test and closed
 * again; then one call goes there to see, and when the LNS takes it all others may follow. What
 * fails on this way begins the lockout anew. While all of a call's destinations are locked out,
 * choice.c lets it try one nevertheless: if the LNS takes that call the lockout is over as well.
 */
#include "steer/private.h"

static const char *const lock_names[] = {
	[STEER_UNLOCKED] = "unlocked", [STEER_LOCKED] = "locked",   [STEER_WAIT_TEST] = "wait-test",
	[STEER_TESTING] = "testing",   [STEER_PROBING] = "probing",
};

const char *steer_lock_name(enum steer_lock lock)
{
	return lock_names[lock];
}

static void enter(struct steer_destination *destination, enum steer_lock lock)
{
	if (destination->lock == lock)
		return;
	destination->lock = lock;
	if (lock != STEER_PROBING)
		destination->probe = NULL;
	destination->steer->ops->event(destination->steer, destination);
}

static void begin_test(struct steer_destination *destination)
{
	struct steer *steer = destination->steer;

	/* One that was begun before an unlock by hand, and is not over yet, will do. */
	if (!destination->test_runs && steer->ops->test(steer, destination, &destination->known)) {
		enter(destination, STEER_WAIT_TEST);
		return;
	}
	destination->test_runs = true;
	enter(destination, STEER_TESTING);
}

static void lockout_over(struct steer_destination *destination)
{
	if (!destination->steer->settings.lockout_test)
		enter(destination, STEER_PROBING);
	else if (destination->known.peer)
		begin_test(destination);
	else
		enter(destination, STEER_WAIT_TEST);
}

static void on_timer(struct timer *timer, usec_t now)
{
	struct steer_destination *destination =
		container_of(timer, struct steer_destination, timer);

	(void)now;
	if (destination->lock == STEER_LOCKED)
		lockout_over(destination);
}

void steer_lock_init(struct steer_destination *destination)
{
	timer_init(&destination->timer, on_timer);
}

void steer_lock_refresh(struct steer_destination *destination, const struct steer_tunnel *tunnel,
			usec_t now)
{
	if (destination->lock == STEER_LOCKED && now >= destination->locked_until)
		lockout_over(destination);
	if (destination->lock != STEER_WAIT_TEST)
		return;
	/* Without memory for a copy it goes on waiting, for the next call. */
	if (destination->steer->settings.lockout_test && !destination->known.peer &&
	    steer_tunnel_copy(tunnel, &destination->known) < 0)
		return;
	lockout_over(destination);
}

void steer_lock_open(struct steer_destination *destination)
{
	timer_stop(destination->steer->timers, &destination->timer);
	enter(destination, STEER_UNLOCKED);
}

static void lock_out(struct steer_destination *destination, usec_t now)
{
	struct steer *steer = destination->steer;

	destination->failed_at = now;
	if (!steer->settings.lockout) {
		steer_lock_open(destination);
		return;
	}
	destination->lockouts += destination->lock != STEER_LOCKED;
	destination->locked_until = now + steer->settings.lockout;
	/* Without a timer the next call that looks finds that its time is over. */
	(void)timer_start(steer->timers, &destination->timer, destination->locked_until);
	enter(destination, STEER_LOCKED);
}

static void remember(struct steer_destination *destination, const struct steer_tunnel *tunnel)
{
	struct steer_tunnel copy;

	if (steer_tunnel_copy(tunnel, &copy) < 0)
		return;
	steer_tunnel_clear(&destination->known);
	destination->known = copy;
}

void steer_lock_failed(struct steer_destination *destination, const struct steer_tunnel *tunnel,
		       const struct reason *reason, bool is_tunnel, bool anew, usec_t now)
{
	destination->failures++;
	destination->failure = *reason;
	destination->failed_by_tunnel = is_tunnel;
	switch (destination->lock) {
	case STEER_UNLOCKED:
	case STEER_PROBING:
		break;
	case STEER_LOCKED:
	case STEER_WAIT_TEST:
		/* Of calls that were on their way before the lockout began. */
		if (!anew)
			return;
		break;
	case STEER_TESTING:
		/* The test decides; but others that are locked out are to be tried before it. */
		if (anew)
			destination->failed_at = now;
		return;
	}
	/* A test that runs holds on to what it was given. */
	if (!destination->test_runs)
		remember(destination, tunnel);
	lock_out(destination, now);
}

void steer_unlock(struct steer *steer, struct steer_destination *destination, usec_t now)
{
	(void)steer;
	(void)now;
	steer_lock_open(destination);
}

void steer_test_done(struct steer *steer, struct steer_destination *destination, bool good,
		     const struct reason *reason, usec_t now)
{
	(void)steer;
	destination->test_runs = false;
	if (destination->lock != STEER_TESTING)
		return;
	if (good) {
		enter(destination, STEER_PROBING);
		return;
	}
	destination->failures++;
	destination->failure = *reason;
	destination->failed_by_tunnel = true;
	lock_out(destination, now);
}
