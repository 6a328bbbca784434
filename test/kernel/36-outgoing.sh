#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Calls that the LNS asks the LAC for, by hand and by its configuration.
#
# Runs beside others, since it mostly waits.
# shellcheck source=test/kernel/adit.sh
. "$(dirname "${BASH_SOURCE[0]}")/adit.sh"

need gojq pppd
need_module l2tp_ppp l2tp_netlink
ns_pair
ppp_secrets
configure_pair 4
# The LAC takes outgoing calls as alice.
sed -i "s/    address    = $lns4/&\n    ppp = alice/" "$(config_of lac)"
echo 'listen { address = 0.0.0.0 }' >>"$(config_of lac)"
start lns lns
start lac lac

another_is_up() {
	ppp_up lac 1 && [ "$(field lac session '.[0].session_id')" != "$first" ]
}

test_begin "the LNS asks for an outgoing call, and the LAC's pppd answers it"
cli lns add tunnel name out remote "$lac4" peer lac
cli lns add session name call tunnel out type outgoing called_number 5551
wait_ppp_up lac 1
assert_eq lac-outgoing "$(field lac session '.[0].type')"
assert_eq lns-outgoing "$(field lns session '.[0].type')"
assert_eq 5551 "$(field lac session '.[0].called_number')"
assert_eq alice "$(field lns session '.[0].user')"
pings lns "$(field lns session '.[0].interface')" 198.51.100.2 100

test_begin "and hangs it up"
cli lns del session name call
assert_no_call
cli lns del tunnel name out
assert_no_leftover

test_begin "the LNS keeps an outgoing call of its configuration"
cat >>"$(config_of lns)" <<-EOF
	tunnel out { remote = $lac4 peer = lac }
	session kept { tunnel = out type = outgoing called_number = 5552 maximum_bps = 64k }
EOF
cli lns reload
wait_ppp_up lac 1
assert_eq lac-outgoing "$(field lac session '.[0].type')"
assert_eq 64000 "$(field lns session '.[0].tx_connect_speed')"
first=$(field lac session '.[0].session_id')
cli lac del session tunnel_id "$(field lac session '.[0].tunnel_id')" session_id "$first"
wait_for 30 another_is_up
assert_eq 5552 "$(field lac session '.[0].called_number')"

test_begin "until it is told otherwise"
cli lns del session name kept
assert_no_call
cli lns del tunnel name out
end lac
end lns
assert_no_leftover
