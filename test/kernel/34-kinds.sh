#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Calls with sequence numbers on their data, and with all that a LAC can tell of one.
# Not sanitized: the scenarios have all kinds of values.
# shellcheck source=test/kernel/adit.sh
. "$(dirname "${BASH_SOURCE[0]}")/adit.sh"

need gojq pppd
need_module l2tp_ppp l2tp_netlink
ns_pair
ppp_secrets
configure_pair 4
# The LAC asks for numbers.
sed -i "s/    address    = $lns4/&\n    sequencing = yes/" "$(config_of lac)"
# Both ends have characters that are to be escaped for them.
sed -i 's/"noipv6"/&, "asyncmap a0000"/' "$(config_of lns)"
sed -i 's/"noipv6"/&, "asyncmap 200"/' "$(config_of lac)"
cat >/etc/ppp/ip-up <<-'EOF'
	#!/bin/sh
	{ env | grep ^ADIT_; echo "ipparam=$6"; } >"/run/ip-up.new.$$"
	mv "/run/ip-up.new.$$" "/run/ip-up.$ADIT_SESSION_ID"
EOF
chmod 755 /etc/ppp/ip-up
start lns lns
start lac lac

# flags NAMESPACE: how the kernel numbers data, of its only session: sending and receiving.
flags() {
	in_ns "$1" awk '$1 == "SESSION" && $2 ~ /^'"'"'/ { getline; print }' /proc/net/pppol2tp
}

heard_sli() {
	[ "$(field lac session '.[0].rx_sli // 0')" -gt 0 ]
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

test_begin "what the LAC tells of a call is shown, and is known to the scripts of the LNS's pppd"
cli lac add tunnel name up remote "$lns4" peer lns
cli lac add session name alice tunnel up ppp alice called_number 100 calling_number '$(reboot) 1' \
	sub_address 7 private_group red physical_channel 77 tx_connect_speed 8000000 \
	rx_connect_speed 1000000
wait_ppp_up lns 1
assert_eq '7 red 77' "$(field lns session '.[0] | "\(.sub_address) \(.private_group) \(.physical_channel)"')"
script=/run/ip-up.$(field lns session '.[0].session_id')
wait_for 10 test -e "$script"
for variable in CALLED_NUMBER=100 'CALLING_NUMBER=$(reboot) 1' SUB_ADDRESS=7 PRIVATE_GROUP=red \
	PHYSICAL_CHANNEL=77 TX_SPEED=8000000 RX_SPEED=1000000 PROXY_AUTHEN_NAME= \
	PEER_NAME=lac.example "PEER_ADDR=$lac4"; do
	grep -qxF "ADIT_$variable" "$script" || fail "no ADIT_$variable in $(cat "$script")"
done
assert_match "ipparam=$lac4" "$(cat "$script")" "ipparam"

test_begin "the LAC is told what the two pppds agreed to escape"
wait_for 10 heard_sli
assert_eq 0x00000200 "$(field lac session '.[0].send_accm')" "to the LAC's user"
assert_eq 0x000a0000 "$(field lac session '.[0].receive_accm')" "from him"
assert_eq 1 "$(field lac session '.[0].rx_sli')" "SLIs"
cli lac del tunnel name up
end lac
end lns
assert_no_leftover
