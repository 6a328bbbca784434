#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Ten sessions in one tunnel, and ten tunnels with a session each, all with PPP.
# Not sanitized: it is about rates.
# shellcheck source=test/kernel/adit.sh
. "$(dirname "${BASH_SOURCE[0]}")/adit.sh"

need gojq pppd
need_module l2tp_ppp l2tp_netlink
ns_pair
ppp_secrets

config lns <<-EOF
	listen { address = 0.0.0.0 }
	peer lac {
	    address    = $lac4
	    secret     = "tunnel-secret"
	    local_name = lns.example
	    retry_cap  = 2s
	    # So that a peer that left without a word is missed soon.
	    hello_interval = 3s
	    ppp        = subscribers
	}
	ppp subscribers {
	    options = { "require-chap", "198.51.100.1:", "noipv6" }
	}
EOF

# Each subscriber brings an address of its own.
subscribers() {
	local i
	for i in $(seq 1 10); do
		echo "ppp sub$i { options = { \"user alice\", \"198.51.100.$((i + 1)):\" } }"
	done
}

config lac <<-EOF
	peer lns {
	    address    = $lns4
	    secret     = "tunnel-secret"
	    local_name = lac.example
	}
	$(subscribers)
EOF
batch=$ADIT_RESULTS/batch
established='[.[] | select(.state == "established")] | length'

start lns lns
start lac lac

test_begin "ten sessions come up in one tunnel"
cli lac add tunnel name one remote "$lns4" peer lns
for i in $(seq 1 10); do
	echo "add session name s$i tunnel one ppp sub$i nowait"
done >"$batch"
cli lac -b "$batch"
wait_ppp_up lns 10 60
wait_ppp_up lac 10 10
assert_eq 1 "$(field lns tunnel "$established")" "tunnels"
assert_eq 10 "$(kernel_sessions lac)" "sessions in the kernel"

test_begin "each carries packets of its own subscriber"
for i in 1 5 10; do
	pings lns 198.51.100.1 "198.51.100.$((i + 1))" 20
done

test_begin "the LNS closes the tunnel, and all ten are gone"
cli lns del tunnel tunnel_id "$(field lns tunnel '.[0].tunnel_id')"
assert_no_leftover

test_begin "ten tunnels come up, with a session each"
for i in $(seq 1 10); do
	echo "add tunnel name t$i remote $lns4 peer lns"
	echo "add session name u$i tunnel t$i ppp sub$i nowait"
done >"$batch"
cli lac -b "$batch"
wait_ppp_up lns 10 60
assert_eq 10 "$(field lns tunnel "$established")" "tunnels"
pings lns 198.51.100.1 198.51.100.7 20

test_begin "all of them go when the LAC is stopped twice, without waiting for anything"
kill "${pid_of[lac]}"
end lac
assert_eq 0 "$ended_with" "exit status"
assert_no_leftover lac
wait_for 90 none lns session
assert_no_leftover lns

test_begin "ten tunnels again, and all of them go when the LAC stops"
start lac lac
cli lac -b "$batch"
wait_ppp_up lns 10 60
end lac
assert_eq 0 "$ended_with" "exit status"
assert_no_leftover
end lns
