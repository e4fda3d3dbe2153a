# Nine images, one a service: `docker buildx bake` builds them all, `docker buildx bake order` one.

variable "REGISTRY" {
  default = "ghcr.io/commerce-streams"
}

variable "VERSION" {
  default = "0.1.0"
}

# Commit that the images are made of.
variable "REVISION" {
  default = ""
}

group "default" {
  targets = ["service"]
}

target "service" {
  name = service
  matrix = {
    service = ["order", "inventory", "payment", "catalog", "shipping", "notification", "analytics", "identity", "gateway"]
  }
  context    = "."
  dockerfile = "Dockerfile"
  target     = service
  platforms  = ["linux/amd64", "linux/arm64"]
  tags       = ["${REGISTRY}/${service}:${VERSION}"]
  labels = {
    "org.opencontainers.image.version"  = VERSION
    "org.opencontainers.image.revision" = REVISION
  }
  # A list of everything inside, and how it was built, go to the registry with each image.
  attest = ["type=sbom", "type=provenance,mode=max"]
}
