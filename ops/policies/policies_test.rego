# Each policy lets what is right pass, and refuses what is wrong. Run by `conftest verify`.
package main

import rego.v1

good_container := {
	"name": "service",
	"image": "ghcr.io/commerce-streams/order:0.1.0",
	"resources": {"requests": {"cpu": "250m", "memory": "512Mi"}, "limits": {"memory": "512Mi"}},
	"securityContext": {"readOnlyRootFilesystem": true, "allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}},
	"startupProbe": {}, "livenessProbe": {}, "readinessProbe": {},
}

good_spec := {
	"automountServiceAccountToken": false,
	"terminationGracePeriodSeconds": 90,
	"securityContext": {"runAsNonRoot": true, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}},
	"topologySpreadConstraints": [{"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"app": "order"}}}],
	"containers": [good_container],
}

server_with(spec) := {"kind": "StatefulSet", "metadata": {"name": "order"}, "spec": {"template": {"metadata": {"labels": {"app": "order"}}, "spec": spec}}}

budget := {"kind": "PodDisruptionBudget", "metadata": {"name": "order"}, "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "order"}}}}

deny_everything := {"kind": "NetworkPolicy", "metadata": {"name": "deny-all"}, "spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}}

combined(given) := [{"path": "test", "contents": document} | some document in given]

judged(given) := found if found := deny with input as combined(given)

# The good server, with one field of its pod or its container changed.
judged_with(path, value) := judged([server_with(json.patch(good_spec, [{"op": "add", "path": path, "value": value}])), budget, deny_everything])

judged_beside(document) := judged([server_with(good_spec), budget, deny_everything, document])

test_what_is_right_passes if count(judged([server_with(good_spec), budget, deny_everything])) == 0

test_what_is_wrong_in_a_pod_is_refused if {
	every wrong in [
		["/securityContext/runAsNonRoot", false], ["/securityContext/runAsUser", 0], ["/securityContext/seccompProfile", {}], ["/automountServiceAccountToken", true],
		["/hostNetwork", true], ["/volumes", [{"name": "host", "hostPath": {"path": "/"}}]], ["/terminationGracePeriodSeconds", 30], ["/topologySpreadConstraints", []],
	] {
		count(judged_with(wrong[0], wrong[1])) == 1
	}
}

test_what_is_wrong_in_a_container_is_refused if {
	every wrong in [
		["securityContext/readOnlyRootFilesystem", false], ["securityContext/allowPrivilegeEscalation", true], ["securityContext/capabilities", {}],
		["image", "order"], ["image", "order:latest"], ["resources/limits/memory", "1Gi"], ["resources/requests", {"memory": "512Mi"}],
		["env", [{"name": "COMMERCE_REDIS_PASSWORD", "value": "hunter2"}]],
	] {
		count(judged_with(concat("", ["/containers/0/", wrong[0]]), wrong[1])) == 1
	}
}

test_every_probe_is_asked_for if {
	every probe in ["startupProbe", "livenessProbe", "readinessProbe"] {
		without := object.union(good_spec, {"containers": [object.remove(good_container, [probe])]})
		count(judged([server_with(without), budget, deny_everything])) == 1
	}
}

test_a_budget_and_a_denial_are_asked_for if {
	count(judged([server_with(good_spec), deny_everything])) == 1
	count(judged([server_with(good_spec), budget])) == 1
}

test_what_is_wrong_beside_a_server_is_refused if {
	every document in [
		{"kind": "Secret", "metadata": {"name": "s"}},
		{"kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"COMMERCE_CLICKHOUSE_PASSWORD": "hunter2"}},
		{"kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"COMMERCE_REDIS_URL": "redis://me:hunter2@redis:6379"}},
		{"kind": "Service", "metadata": {"name": "s"}, "spec": {"type": "NodePort"}},
		{"kind": "Ingress", "metadata": {"name": "i"}, "spec": {"rules": [{"host": "a.example"}], "tls": []}},
		{"kind": "ScaledObject", "metadata": {"name": "s"}, "spec": {"scaleTargetRef": {"kind": "StatefulSet", "name": "nobody"}}},
		{"kind": "NetworkPolicy", "metadata": {"name": "n"}, "spec": {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"to": [{"podSelector": {}}]}]}},
		{"kind": "NetworkPolicy", "metadata": {"name": "n"}, "spec": {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"ports": [{"port": 443}]}]}},
		{"kind": "NetworkPolicy", "metadata": {"name": "n"}, "spec": {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": []}}], "ports": [{"port": 443}]}]}},
	] {
		count(judged_beside(document)) == 1
	}
}
