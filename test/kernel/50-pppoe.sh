#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The access side: the kernel's part, by the cases of test/kernel/access.c, one process each; then
# discovery by aditd, with Debian's pppoe-discovery and pppd as clients.
# shellcheck source=test/kernel/adit.sh
. "$(dirname "${BASH_SOURCE[0]}")/adit.sh"

tool=$ADIT_BUILD/test/kernel/access
need pppoe-discovery pppd
need_module pppoe l2tp_ppp l2tp_netlink ppp_generic 8021q veth

# The far end has a VLAN more than ours.
ip -batch - <<EOT
link set lo up
link add pe0 type veth peer name pe1
link set pe0 up
link set pe1 up
link add link pe0 name pe0.100 type vlan id 100
link add link pe1 name pe1.100 type vlan id 100
link add link pe1 name pe1.200 type vlan id 200
link set pe0.100 up
link set pe1.100 up
link set pe1.200 up
EOT

no_session() {
	[ -z "$(sed 1d /proc/net/pppoe)" ]
}

cases=$("$tool")
while read -r name text; do
	test_begin "$text"
	"$tool" "$name"
	ip -batch - <<-EOT
		link set pe0 up
		link set pe0.100 up
	EOT
	no_session || fail "PPPoE sessions left: $(</proc/net/pppoe)"
	assert_no_leftover -
done <<<"$cases"

# --- aditd -----------------------------------------------------------------------------------

# configure INTERFACES
configure() {
	config bras <<-EOF
		pppoe street {
		    interface    = { $1 }
		    ac_name      = bras.example
		    service_name = { gold, tin }
		}
		domain none { action = reject }
	EOF
}

# discover INTERFACE [OPTION...]: what answers there.
discover() {
	timeout 20 pppoe-discovery -a 2 -t 2 -I "$@" 2>&1
}

answered() {
	discover "$@" | grep -q '^Access-Concentrator: bras.example$'
}

unanswered() {
	! answered "$@"
}

answered_from() {
	discover "$1" | grep -q "^AC-Ethernet-Address: $2$"
}

ppp_secrets

test_begin "pppoe-discovery finds aditd, its services and its cookie"
configure 'pe0, pe0.100, late0'
start bras -
wait_for 30 answered pe1
answer=$(discover pe1 -U)
assert_match "Service-Name: gold" "$answer"
assert_match "Service-Name: tin" "$answer"
assert_match "Got a cookie: ([0-9a-f]{2} ?){16}" "$answer"
assert_match "AC-Ethernet-Address: $(</sys/class/net/pe0/address)" "$answer"

test_begin "a service that is not offered is not answered"
answered pe1 -S tin
unanswered pe1 -S lead

test_begin "each VLAN is an interface of its own"
answered pe1.100
unanswered pe1.200
assert_match "AC-Ethernet-Address: $(</sys/class/net/pe0.100/address)" "$(discover pe1.100)"

test_begin "an interface that comes later is served then"
wait_for_log bras 'late0: no callers are answered: there is no such interface'
ip link add late0 type veth peer name late1
ip link set late1 up
wait_for_log bras 'late0: no callers are answered: the interface is down'
ip link set late0 up
wait_for 30 answered late1

test_begin "one that carries less than was configured is told of"
ip link set late0 mtu 1480
wait_for_log bras 'late0: its MTU of 1480 lets sessions carry 1472 octets; max_payload = 1492 needs'

test_begin "one that goes and comes back is served again, with another address too"
ip link del late0
ip link add late0 type veth peer name late1
ip -batch - <<EOT
link set late0 up
link set late1 up
EOT
wait_for 30 answered late1
ip link set late0 address 02:00:00:00:00:77
wait_for 30 answered_from late1 02:00:00:00:00:77

test_begin "pppd gets a session, and none is left when it is refused"
fds=$(fds_of "${pid_of[bras]}")
spawn subscriber - pppd plugin pppoe.so pe1 nodetach noauth user alice debug \
	lcp-max-configure 3 lcp-restart 1 noipdefault nodefaultroute maxfail 1
wait_for_log subscriber 'PPP session is [1-9]'
wait_for_log subscriber 'rcvd \[LCP ConfReq' 10
within 30 _is_gone "${pid_of[subscriber]}" || fail "pppd goes on: $(tail -n 5 "$(log_of subscriber)")"
end subscriber
wait_for 10 no_session
assert_no_leftover -
assert_no_leaked_fds "${pid_of[bras]}" "$fds"

test_begin "a reload leaves an interface, and a session on it is told"
spawn held - pppd plugin pppoe.so pe1 nodetach noauth user alice debug \
	lcp-max-configure 99 lcp-restart 10 pap-restart 30 noipdefault nodefaultroute maxfail 1 \
	silent
wait_for_log held 'PPP session is [1-9]'
configure pe0.100
cli bras reload
wait_for_log held 'Modem hangup|Connection terminated' 10
wait_for 10 no_session
unanswered pe1
answered pe1.100
end held

test_begin "aditd stops, and leaves nothing"
end bras
assert_eq 0 "$ended_with" "exit status"
unanswered pe1.100
assert_no_leftover -
