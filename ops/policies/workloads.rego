# What every workload keeps to. Judged with all manifests of one deployment at hand: `conftest test --combine`.
package main

import rego.v1

documents contains document.contents if some document in input

workloads contains document if {
	some document in documents
	document.kind in {"Deployment", "StatefulSet", "Job", "Pod"}
}

# Workloads that run until somebody ends them.
servers contains document if {
	some document in workloads
	document.kind in {"Deployment", "StatefulSet"}
}

pod(workload) := workload if workload.kind == "Pod"

pod(workload) := workload.spec.template if workload.kind != "Pod"

containers contains {"of": named(workload), "container": container} if {
	some workload in workloads
	some container in pod(workload).spec.containers
}

named(document) := sprintf("%s %s", [document.kind, document.metadata.name])

deny contains sprintf("%s: a pod must not run as root (runAsNonRoot, runAsUser above 0)", [named(workload)]) if {
	some workload in workloads
	not runs_without_rights(pod(workload).spec)
}

runs_without_rights(spec) if {
	spec.securityContext.runAsNonRoot == true
	spec.securityContext.runAsUser > 0
}

deny contains sprintf("%s: a pod must keep to seccompProfile RuntimeDefault", [named(workload)]) if {
	some workload in workloads
	not pod(workload).spec.securityContext.seccompProfile.type == "RuntimeDefault"
}

deny contains sprintf("%s: nothing here talks to the API of Kubernetes (automountServiceAccountToken: false)", [named(workload)]) if {
	some workload in workloads
	not pod(workload).spec.automountServiceAccountToken == false
}

deny contains sprintf("%s: a pod must not share the host's network, processes or memory, or mount its folders", [named(workload)]) if {
	some workload in workloads
	shares_host(pod(workload).spec)
}

shares_host(spec) if {
	some field in ["hostNetwork", "hostPID", "hostIPC"]
	spec[field] == true
}

shares_host(spec) if {
	some volume in spec.volumes
	volume.hostPath
}

deny contains sprintf("%s, container %s: %s", [found.of, found.container.name, problem]) if {
	some found in containers
	some problem in problems(found.container)
}

problems(container) := {problem | some problem in container_problems(container)}

container_problems(container) := array.concat(confinement(container), bounds(container))

confinement(container) := [problem |
	some [holds, problem] in [
		[container_is(container, "readOnlyRootFilesystem", true), "the root file system must be read-only"],
		[container_is(container, "allowPrivilegeEscalation", false), "privileges must not be escalated"],
		[drops_all(container), "all capabilities must be dropped"],
		[pinned(container.image), sprintf("the image %s must have an exact version or a digest", [container.image])],
	]
	not holds
]

bounds(container) := [problem |
	some [holds, problem] in [
		[has(container, ["resources", "requests", "cpu"]), "cpu must be requested"],
		[has(container, ["resources", "limits", "memory"]), "memory must be limited"],
		[memory_is_certain(container), "memory requested and limit must be equal: what is only lent is taken back by killing"],
	]
	not holds
]

container_is(container, field, value) if object.get(container, ["securityContext", field], null) == value

else := false

drops_all(container) if "ALL" in object.get(container, ["securityContext", "capabilities", "drop"], [])

else := false

has(container, path) if object.get(container, path, null) != null

else := false

memory_is_certain(container) if {
	object.get(container, ["resources", "requests", "memory"], "no request") == object.get(container, ["resources", "limits", "memory"], "no limit")
}

else := false

pinned(image) if regex.match(`@sha256:[0-9a-f]{64}$`, image)

else if regex.match(`:v?[0-9]+(\.[0-9]+)+[-.\w]*$`, image)

else := false
