# Nothing talks to anything unless it is said.
package main

import rego.v1

policies contains document if {
	some document in documents
	document.kind == "NetworkPolicy"
}

deny contains "NetworkPolicy: one must deny everything in both directions to every pod" if {
	count(servers) > 0
	not denies_all
}

denies_all if {
	some policy in policies
	object.get(policy.spec, "podSelector", null) == {}
	{"Ingress", "Egress"} == {kind | some kind in policy.spec.policyTypes}
	not policy.spec.ingress
	not policy.spec.egress
}

deny contains sprintf("%s: allows every address: name pods, a namespace or a block with its exceptions", [named(policy)]) if {
	some policy in policies
	some direction in ["ingress", "egress"]
	some rule in policy.spec[direction]
	count(object.get(rule, {"ingress": "from", "egress": "to"}[direction], [])) == 0
}

deny contains sprintf("%s: allows every port", [named(policy)]) if {
	some policy in policies
	some direction in ["ingress", "egress"]
	some rule in policy.spec[direction]
	count(object.get(rule, "ports", [])) == 0
}

deny contains sprintf("%s: an address block must leave out the private networks", [named(policy)]) if {
	some policy in policies
	some rule in policy.spec.egress
	some peer in rule.to
	peer.ipBlock.cidr == "0.0.0.0/0"
	not {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"} - {block | some block in peer.ipBlock.except} == set()
}

deny contains sprintf("%s: a Service of the platform is reached through the Ingress or from inside: no NodePort, no LoadBalancer", [named(service)]) if {
	some service in documents
	service.kind == "Service"
	object.get(service.spec, "type", "ClusterIP") in {"NodePort", "LoadBalancer"}
}

deny contains sprintf("%s: clients must be served over TLS", [named(ingress)]) if {
	some ingress in documents
	ingress.kind == "Ingress"
	some rule in ingress.spec.rules
	not rule.host in {host | some tls in ingress.spec.tls; some host in tls.hosts}
}
