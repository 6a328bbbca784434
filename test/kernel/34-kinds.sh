#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Calls with sequence numbers on their data, and calls that the LNS asks the LAC for.
# shellcheck source=test/kernel/adit.sh
. "$(dirname "${BASH_SOURCE[0]}")/adit.sh"

need jq pppd
need_module l2tp_ppp l2tp_netlink
ns_pair
ppp_secrets
configure_pair 4
# The LAC asks for numbers, and takes outgoing calls as alice.
sed -i "s/    address    = $lns4/&\n    sequencing = yes\n    ppp = alice/" "$(config_of lac)"
echo 'listen { address = 0.0.0.0 }' >>"$(config_of lac)"
start lns lns
start lac lac

# flags NAMESPACE: how the kernel numbers data, of its only session: sending and receiving.
flags() {
	in_ns "$1" awk '$1 == "SESSION" && $2 ~ /^'"'"'/ { getline; print }' /proc/net/pppol2tp
}

test_begin "the LAC asks for sequence numbers, and both ends send them"
cli lac add tunnel name up remote "$lns4" peer lns
cli lac add session name alice tunnel up ppp alice
wait_ppp_up lns 1
assert_eq true "$(field lns session '.[0].sequencing')" "sequencing at the LNS"
assert_match '/S/LAC' "$(flags lac)" "the LAC's kernel"
assert_match '/S/LNS' "$(flags lns)" "the LNS's kernel"
pings lac "$(field lac session '.[0].interface')" 198.51.100.1 200
assert_eq 0 "$(kernel_count lac rx_seq_discards)" "discarded at the LAC"
assert_eq 0 "$(kernel_count lns rx_seq_discards)" "discarded at the LNS"
assert_match "mtu 1458 " \
	"$(ip -n lac link show dev "$(field lac session '.[0].interface')")" "MTU, less four octets"
cli lac del tunnel name up
assert_no_leftover

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
end lac
end lns
assert_no_leftover
