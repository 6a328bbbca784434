#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What a LAC answers to callers that it cannot serve, or should not: frames that are no frames, those
# that ask for ever, and calls for which no tunnel can be had.
# shellcheck source=test/kernel/lac.sh
. "$(dirname "${BASH_SOURCE[0]}")/lac.sh"

need gojq
need_module l2tp_ppp l2tp_netlink pppoe
ns_pair
access_net

config lac <<-EOF
	pppoe access {
	    interface            = access0
	    auth                 = {chap, pap}
	    service_name         = internet
	    max_sessions         = 50
	    max_sessions_per_mac = 3
	    lcp_restart          = 500ms
	    lcp_max_configure    = 4
	    ppp_timeout          = 3s
	}
	# Nobody listens there.
	destination nobody {
	    remote        = $lns4
	    retry_first   = 200ms
	    retry_cap     = 200ms
	    setup_retries = 2
	}
	domain example.com { destination = nobody }
	domain refused.example { action = reject }
EOF
start lac lac
fds=$(fds_of "${pid_of[lac]}")

counter() {
	cli lac -j -s show pppoe | gojq ".[0].$1"
}

# heard COUNT: so many PADIs at least.
heard() {
	[ "$(counter rx_padi)" -ge "$1" ]
}

# over NAME: why its calls were over, the most frequent first.
over() {
	reported "$1" '.over | to_entries | sort_by(-.value) | .[0].key'
}

test_begin "frames that are short, doubled or lie about their length are dropped and counted"
run_dialers bad --bad-frames 5 --ac "$(ip -n lac -j link show dev access0 | gojq -r '.[0].address')"
say "$(cli lac -s show pppoe)"
assert_eq '[]' "$(reported bad '.answered | tostring')" "answered"
assert_match '^[1-9]' "$(counter 'rx_malformed | select(. >= 35)')" "rx_malformed"
assert_match '^[1-9]' "$(counter 'rx_bad_cookie | select(. >= 5)')" "rx_bad_cookie"
assert_eq 0 "$(counter sessions)" "sessions"

test_begin "a service that is not offered is not answered"
run_dialers strange --service telephone --timeout 2 --hold 0
assert_eq "before it was up: no PADO" "$(over strange)"

# More frames than the kernel keeps for a socket that does not ask for more room.
test_begin "400 who speak at once while the daemon is busy are all heard"
before=$(counter rx_padi)
kill -STOP "${pid_of[lac]}"
run_dialers crowd --count 400 --first 1000 --service telephone --timeout 1 --hold 0
kill -CONT "${pid_of[lac]}"
wait_for 10 heard $((before + 400))

test_begin "a caller who asks for sessions again and again gets as many as one may have"
run_dialers loop --manner padr --one-mac --timeout 2 --hold 0
assert_eq true "$(counter 'sessions <= 3')" "within the limit of a MAC address"
assert_eq true "$(counter 'refused_limit > 0 or .[0].rx_over_rate > 0')" "refused or dropped"

test_begin "they are hung up when nothing more comes of them"
assert_no_caller lns

test_begin "a caller who agrees to nothing is hung up"
run_dialers stubborn --manner lcp --timeout 10 --hold 0
assert_match "PADT|LCP Terminate" "$(over stubborn)"
assert_no_caller lns

test_begin "a caller who says nothing is hung up"
run_dialers mute --manner mute --timeout 10 --hold 0
assert_match "PADT" "$(over mute)"
assert_no_caller lns

test_begin "no tunnel can be had: LCP Terminate with the reason, and the log says what was tried"
run_dialers unlucky --user 'user%@example.com' --hold 0
assert_match "LCP Terminate: .+" "$(over unlucky)"
assert_match "$lns4|nobody" "$(cat "$(log_of lac)")" "the log"
assert_no_caller lns

test_begin "a domain that is rejected, and one that nobody knows, are told so"
run_dialers refused --user 'user%@refused.example' --hold 0
assert_match "LCP Terminate: .+|PAP Nak|CHAP Failure" "$(over refused)"
run_dialers unknown --user 'user%@unknown.example' --hold 0
assert_match "LCP Terminate: .+|PAP Nak|CHAP Failure" "$(over unknown)"
assert_no_caller lns

test_begin "callers who leave in silence in the middle of it leave nothing"
dialers silent --count 20 --until auth --hang-up silent --hold 0
wait_hung_up silent 40
assert_no_caller lns

test_begin "no file is left open"
assert_no_leaked_fds "${pid_of[lac]}" "$fds"
end lac
assert_eq 0 "$ended_with" "exit status"
assert_no_leftover
