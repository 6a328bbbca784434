#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# 200 subscribers and three LNSs. One is killed under load and comes back after its test, all are
# killed, and all subscribers are dropped at once and dial again.
#
# The LNSs have no pppd, answers.c speaks behind them: 200 pppd at each end are more than two
# emulated processors can start in the time of a test. A subscriber is up when that was heard of.
# shellcheck source=test/kernel/lac.sh
. "$(dirname "${BASH_SOURCE[0]}")/lac.sh"

count=200
names=(lns lns2 lns3)

need gojq
need_module l2tp_ppp l2tp_netlink pppoe
ns_pair
access_net
join lac lns2 203.0.113.2 203.0.113.1
join lac lns3 198.51.100.2 198.51.100.1

# destination NAME ADDRESS: one that is missed within a second or two.
destination() {
	cat <<-EOF
		destination $1 {
		    remote         = $2
		    secret         = "tunnel-secret"
		    hello_interval = 1s
		    retry_first    = 200ms
		    retry_cap      = 400ms
		    retries        = 3
		    setup_retries  = 2
		}
	EOF
}

for name in "${names[@]}"; do
	config $name <<-EOF
		pppd = none
		listen { address = 0.0.0.0 }
		peer lac {
		    secret         = "tunnel-secret"
		    local_name     = $name.example
		    calls          = ppp
		    retry_cap      = 1s
		    hello_interval = 2s
		}
	EOF
done
config lac <<-EOF
	pppoe access {
	    interface     = access0
	    auth          = {chap, pap}
	    max_padi_rate = 0
	}
	$(destination lns $lns4)
	$(destination lns2 203.0.113.2)
	$(destination lns3 198.51.100.2)
	domain example.com { destination = {lns, lns2, lns3} }
	steering {
	    fail_over_within_preference = yes
	    lockout                     = 5s
	    lockout_test                = yes
	}
EOF

start_lns() {
	start "$1" "$1"
}

kill_lns() {
	end "$1" KILL
}

# lock_of NAME
lock_of() {
	cli lac -j show destination name "$1" | gojq -r '.[0].state'
}

lock_is() {
	[ "$(lock_of "$1")" = "$2" ]
}

# calls_to NAME: that are up.
calls_to() {
	cli lac -j show call | gojq "[.[] | select(.state == \"up\" and .destination == \"$1\")] | length"
}

# up_are NAME COUNT: of dialers, now.
up_are() {
	report "$1"
	[ "$(reported "$1" .up)" -eq "$2" ]
}

for name in "${names[@]}"; do
	start_lns "$name"
	spawn "answers-$name" "$name" "$tools/answers"
done
start lac lac
fds=$(fds_of "${pid_of[lac]}")

test_begin "$count subscribers who dial at once all come up, in equal parts at three LNSs"
dialers many --count $count --redial 0.5 --user 'user%@example.com'
wait_settled many 60
assert_eq "$count $count {}" "$(reported many '"\(.up) \(.came_up) \(.over)"')" "up, came up, over"
assert_eq $count "$(calls lac up)" "calls"
assert_eq $count "$(kernel_sessions lac)" "sessions in the kernel"
for name in "${names[@]}"; do
	assert_match '^(6[67])$' "$(calls_to "$name")" "calls to $name"
done
assert_bridged lac
ok "$(reported many '"\(.rate | floor) a second, \(.ms.median | floor) ms, 99 %: \(.ms.p99 | floor) ms"')"

test_begin "an LNS is killed while others dial: calls move, and it is locked out"
dialers more --count 60 --rate 20 --user 'more%@example.com' --first 1000 --redial 0.5
sleep 1
kill_lns lns2
wait_for 20 lock_is lns2 locked
wait_for 40 up_are more 60
wait_for 40 up_are many $count
assert_eq 0 "$(calls_to lns2)" "calls to it"

test_begin "it comes back after its test, with one call first, and gets calls again"
end more
assert_match '^(locked|wait-test|testing)$' "$(lock_of lns2)"
start_lns lns2
wait_for 30 lock_is lns2 probing
dialers probe --first 2000
wait_settled probe
wait_for 5 lock_is lns2 unlocked
dialers back --count 6 --first 3000
wait_settled back
assert_eq 6 "$(reported back .came_up)" "came up"
assert_match '^[1-9]' "$(calls_to lns2)" "calls to it"
end probe
end back

test_begin "all are killed: subscribers are told"
end many
wait_for 20 calls_are lac up 0
for name in "${names[@]}"; do
	kill_lns "$name"
done
run_dialers none --count 10 --user 'none%@example.com' --timeout 25 --hold 0
assert_eq 10 "$(reported none '[.over | to_entries[] | select(.key | test("LCP Terminate: ")) | .value] | add')" \
	"told by LCP Terminate"
assert_no_caller

test_begin "all come back, and $count subscribers with them"
for name in "${names[@]}"; do
	start_lns "$name"
done
cli lac unlock destination all
dialers again --count $count --redial 0.5 --user 'again%@example.com'
wait_for 60 up_are again $count

test_begin "all subscribers drop at once and dial again"
kill -HUP "${pid_of[again]}"
wait_for 60 up_are again $count
assert_eq $count "$(calls lac up)" "calls"
assert_eq $count "$(access_sessions lac | wc -l)" "PPPoE sessions"

test_begin "all hang up, and nothing is left"
end again
assert_no_caller "${names[@]}"
cli lac del tunnel all
assert_no_leaked_fds "${pid_of[lac]}" "$fds"
end lac
assert_eq 0 "$ended_with" "exit status"
assert_no_leftover lac
