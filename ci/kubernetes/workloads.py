"""Workloads: their pods' probes, limits and rights, their Services, their numbers, and all names that they refer to."""

from reading import difference, labels, load, name, of_kind, pod_specs, selects


def pods(file):
    for manifest, pod in pod_specs(file):
        context = pod.get("securityContext", {})
        if not context.get("runAsNonRoot") or context.get("seccompProfile") != {"type": "RuntimeDefault"}:
            yield f"{name(manifest)}: may run as root, or make any system call"
        for container in pod.get("initContainers", []) + pod["containers"]:
            expected = {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            for wrong in difference(expected, container.get("securityContext")):
                yield f"{name(manifest)}: {wrong}"
            resources = container.get("resources", {})
            if "memory" not in resources.get("limits", {}) or {"cpu", "memory"} - resources.get("requests", {}).keys():
                yield f"{name(manifest)}: requests or limits are missing"
            if manifest["kind"] != "Job" and not {"livenessProbe", "readinessProbe"} <= container.keys():
                yield f"{name(manifest)}: a probe is missing"


# By the key of a reference: what kind it is to, and the key of its name.
REFERENCES = {
    "configMap": ("ConfigMap", "name"),
    "configMapRef": ("ConfigMap", "name"),
    "persistentVolumeClaim": ("PersistentVolumeClaim", "claimName"),
    "secret": ("Secret", "secretName"),
    "secretKeyRef": ("Secret", "name"),
    "secretRef": ("Secret", "name"),
}


def referred(tree):
    """The kinds and names of all that is referred to."""
    if isinstance(tree, list):
        for item in tree:
            yield from referred(item)
    elif isinstance(tree, dict):
        for key, value in tree.items():
            if key in REFERENCES and isinstance(value, dict):
                kind, name_key = REFERENCES[key]
                yield kind, value[name_key]
            yield from referred(value)


def references(file):
    there = {(manifest["kind"], manifest["metadata"]["name"]) for manifest in load(file)}
    for workload, pod in pod_specs(file):
        for kind, wanted in referred(pod):
            if (kind, wanted) not in there:
                yield f"{name(workload)}: there is no {kind} {wanted}"
        claims = [claim["metadata"]["name"] for claim in workload["spec"].get("volumeClaimTemplates", [])]
        volumes = {volume["name"] for volume in pod.get("volumes", [])}.union(claims)
        mounted = {mount["name"] for container in pod["containers"] for mount in container.get("volumeMounts", [])}
        for volume in volumes ^ mounted:
            yield f"{name(workload)}: the volume {volume} is mounted and missing, or there and not mounted"
    for autoscaler in of_kind(file, "HorizontalPodAutoscaler"):
        if ("Deployment", autoscaler["spec"]["scaleTargetRef"]["name"]) not in there:
            yield f"{name(autoscaler)}: it scales nothing"


def selection(file):
    """Whoever selects pods selects those of one workload: its own."""
    workloads = [workload for workload, _ in pod_specs(file)]
    services = {service["metadata"]["name"]: service["spec"] for service in of_kind(file, "Service")}

    def selected(selector):
        return [name(workload) for workload in workloads if selects(selector, labels(workload))]

    for manifest in of_kind(file, "PodDisruptionBudget", "Service", "Deployment", "StatefulSet"):
        selector = manifest["spec"]["selector"]
        found = selected({"matchLabels": selector} if manifest["kind"] == "Service" else selector)
        if len(found) != 1 or manifest["kind"] in ("Deployment", "StatefulSet") and found != [name(manifest)]:
            yield f"{name(manifest)}: it selects the pods of {found}, expected those of one workload, its own"
    for workload, pod in pod_specs(file):
        for constraint in pod.get("topologySpreadConstraints", []):
            if selected(constraint["labelSelector"]) != [name(workload)]:
                yield f"{name(workload)}: it spreads the pods of {selected(constraint['labelSelector'])}, expected its own"
    for workload in of_kind(file, "StatefulSet"):
        service = services.get(workload["spec"]["serviceName"], {})
        if service.get("clusterIP") != "None" or not selects({"matchLabels": service["selector"]}, labels(workload)):
            yield f"{name(workload)}: {workload['spec']['serviceName']} is no headless Service of its own"


def numbers(file):
    """The number of pods is said once: by the workload or by its autoscaler."""
    autoscaled = {spec["scaleTargetRef"]["name"] for spec in
                  (autoscaler["spec"] for autoscaler in of_kind(file, "HorizontalPodAutoscaler"))}
    for workload in of_kind(file, "Deployment", "StatefulSet"):
        if ("replicas" in workload["spec"]) == (workload["metadata"]["name"] in autoscaled):
            yield f"{name(workload)}: expected `replicas`, or an autoscaler"
