# Secrets come from a store or a sealed file, never from a manifest.
package main

import rego.v1

deny contains sprintf("%s: a Secret must not be written down: use an ExternalSecret or a SealedSecret", [named(document)]) if {
	some document in documents
	document.kind == "Secret"
}

secret_names := `(PASSWORD|SECRET|SECRETS|TOKEN|STRIPE_KEY|WEBHOOK_KEY)$`

deny contains sprintf("%s, container %s: %s must come from a Secret, not from a value", [found.of, found.container.name, variable.name]) if {
	some found in containers
	some variable in found.container.env
	regex.match(secret_names, variable.name)
	variable.value != ""
}

deny contains sprintf("%s: %s must come from a Secret", [named(document), name]) if {
	some document in documents
	document.kind == "ConfigMap"
	some name, value in document.data
	regex.match(secret_names, name)
	value != ""
}

deny contains sprintf("%s: %s holds a password in its URL", [named(document), name]) if {
	some document in documents
	document.kind == "ConfigMap"
	some name, value in document.data
	regex.match(`://[^/@\s]*:[^/@\s]+@`, value)
}
