/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tunnels between two engines, and between an engine and a scripted peer: RFC 2661 sections 5.1,
 * 5.5, 5.8 and 7.2.1. How they end is in test_engine_end.c, authentication in test_engine_auth.c.
 */
#include "engine_fixture.h"

#include <errno.h>
#include <string.h>

#include "engine_talker.h"

static void test_up_and_down(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];
	struct l2tp_tunnel *t;

	(void)state;
	world_init(&w, 1);
	t = open_tunnel(lac, lns);
	world_settle(&w);
	box_expect(lac, "tx:SCCRQ tx:SCCCN +tunnel tunnel ev:tunnel-up");
	box_expect(lns, "tx:SCCRP +tunnel tunnel ev:tunnel-up");
	close_tunnel(t);
	world_settle(&w);
	box_expect(lac, "tx:StopCCN(1) ev:tunnel-down -tunnel ev:tunnel-gone");
	box_expect(lns, "ev:tunnel-down -tunnel");
	world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_up_and_down),
	};

	return cmocka_run_group_tests_name("engine_tunnel", tests, NULL, NULL);
}
