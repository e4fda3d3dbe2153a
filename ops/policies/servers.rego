# What a workload that serves keeps to: it is probed, ends in time, is spread, and may be moved by one pod at a time.
package main

import rego.v1

deny contains sprintf("%s, container %s: %s is missing", [named(server), container.name, probe]) if {
	some server in servers
	some container in server.spec.template.spec.containers
	some probe in ["startupProbe", "livenessProbe", "readinessProbe"]
	not container[probe]
}

# Longer than the 80 s that a process takes at most: a transaction, and an insert into ClickHouse.
deny contains sprintf("%s: terminationGracePeriodSeconds must be at least 85, so that a transaction and an insert may end", [named(server)]) if {
	some server in servers
	not object.get(server, ["spec", "template", "spec", "terminationGracePeriodSeconds"], 30) >= 85
}

deny contains sprintf("%s: pods must be spread over nodes (topologySpreadConstraints)", [named(server)]) if {
	some server in servers
	not spread_over(server, "kubernetes.io/hostname")
}

spread_over(server, key) if {
	some constraint in server.spec.template.spec.topologySpreadConstraints
	constraint.topologyKey == key
	matches(constraint.labelSelector.matchLabels, server.spec.template.metadata.labels)
}

deny contains sprintf("%s: a PodDisruptionBudget must let one pod go at a time", [named(server)]) if {
	some server in servers
	more_than_one(server)
	not has_budget(server)
}

# A workload of one pod by its own words cannot lose one and go on.
more_than_one(server) if object.get(server, ["spec", "strategy", "type"], "") != "Recreate"

has_budget(server) if {
	some budget in documents
	budget.kind == "PodDisruptionBudget"
	budget.spec.maxUnavailable == 1
	matches(budget.spec.selector.matchLabels, server.spec.template.metadata.labels)
}

deny contains sprintf("%s: its scaleTargetRef names no workload that is there", [named(scaler)]) if {
	some scaler in documents
	scaler.kind in {"ScaledObject", "HorizontalPodAutoscaler"}
	target := scaler.spec.scaleTargetRef
	not names_server(target)
}

names_server(target) if {
	some server in servers
	server.kind == target.kind
	server.metadata.name == target.name
}

# The whole part of the label set that is asked for.
matches(wanted, labels) if {
	count(wanted) > 0
	every key, value in wanted {
		labels[key] == value
	}
}
