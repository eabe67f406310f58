"""Connections between pods, against the network policies: the test's node enforces none."""

import re

from reading import labels, name, of_kind, pod_specs, selects


# The Secret of who forwards pages, and the labels of whom it forwards them to.
WEBHOOK = "pager-webhook"
OUTSIDE = {}


def urls(tree):
    """All URLs in settings, as pairs of a host and a port."""
    if isinstance(tree, dict):
        for value in tree.values():
            yield from urls(value)
    elif isinstance(tree, list):
        for item in tree:
            yield from urls(item)
    elif isinstance(tree, str):
        yield from re.findall(r"(?:\w+://(?:[^@/ ]*@)?|\[|targets: \[)([a-z][\w-]*):(\d+)", tree)


def allows(policies, direction, pod, other, port):
    """Whether a policy that selects the pod allows the other on this port, in this direction."""
    peers = {"Ingress": "from", "Egress": "to"}[direction]
    for policy in policies:
        if not selects(policy.get("podSelector", {}), pod) or direction not in policy["policyTypes"]:
            continue
        for rule in policy.get(direction.lower(), []):
            # Every connection here is of TCP, and a rule's port without a number is each.
            tcp = [allowed for allowed in rule.get("ports", []) if allowed.get("protocol", "TCP") == "TCP"]
            ports = [allowed.get("port", port) for allowed in tcp]
            pods = [peer.get("podSelector", {}) for peer in rule.get(peers, [])]
            if ("ports" not in rule or port in ports) and (not pods or any(selects(selector, other) for selector in pods)):
                return True
    return False


def connections(file):
    """Each URL in a workload's settings leads to a Service that offers the port, and policies on both sides allow it."""
    policies = [policy["spec"] for policy in of_kind(file, "NetworkPolicy")]
    services = {service["metadata"]["name"]: service["spec"] for service in of_kind(file, "Service")}
    config_maps = {config["metadata"]["name"]: config["data"] for config in of_kind(file, "ConfigMap")}
    workloads = [workload for workload, _ in pod_specs(file)]
    for workload, pod in pod_specs(file):
        text = str(pod)
        if WEBHOOK in text and not allows(policies, "Egress", labels(workload), OUTSIDE, "https"):
            yield f"{name(workload)} to a webhook: no policy allows it"
        settings = [data for config, data in config_maps.items() if config in text and not config.startswith("dashboard-")]
        for host, port in sorted(set(urls([pod, settings]))):
            if host not in services:
                yield f"{name(workload)}: there is no Service {host}"
                continue
            offered = {str(one["port"]): one["name"] for one in services[host]["ports"]}
            if port not in offered:
                yield f"{name(workload)}: {host} does not offer port {port}, only {', '.join(offered)}"
                continue
            for other in workloads:
                if selects({"matchLabels": services[host]["selector"]}, labels(other)):
                    for direction, one, two in (("Egress", workload, other), ("Ingress", other, workload)):
                        if not allows(policies, direction, labels(one), labels(two), offered[port]):
                            yield f"{name(workload)} to {host}:{port}: no policy allows it ({direction} of {name(one)})"
