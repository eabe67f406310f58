"""Checks of rendered Kubernetes manifests. Each prints what is wrong, and fails if anything is.

    validate.py manifests FILE VERSION...      strictly against the schemas of Kubernetes and of the operator
    validate.py misspelt FILE VERSION...       that the check above finds a misspelt field in each kind
    validate.py pods FILE                      probes, limits, rights
    validate.py references FILE                names that workloads and autoscalers refer to
    validate.py selection FILE                 who selects pods selects those of one workload; headless Services
    validate.py numbers FILE                   the number of pods is the workload's or the autoscaler's
    validate.py connections FILE               Services and network policies for every URL in the settings
    validate.py rules FILE RULES FOLDER        the rules are those of the files in RULES, those on Prometheus and
                                               Alertmanager aside; written out into FOLDER
    validate.py routes FILE ALERTMANAGER       the routes are those of Alertmanager's own file
    validate.py scrape FILE COPY               writes a copy that Debian's promtool can read: it knows no discovery of pods
    validate.py config_maps FILE NAME=SOURCE...
                                               the ConfigMaps hold the files of the folder, or that file
"""

import sys

from against_schemas import manifests, misspelt
from connections import connections
from generated import config_maps, routes, rules, scrape
from workloads import numbers, pods, references, selection

CHECKS = (manifests, misspelt, pods, references, selection, numbers, connections, rules, routes, scrape, config_maps)


def main():
    check = {check.__name__: check for check in CHECKS}[sys.argv[1]]
    complaints = list(check(*sys.argv[2:]))
    print("\n".join(complaints))
    sys.exit(bool(complaints))


main()
