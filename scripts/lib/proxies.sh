# shellcheck shell=bash
# Proxies of the environment (HTTP_PROXY and its kin) are for downloads. What stays on this machine never goes through one,
# whichever program sends it: the load generator, Grafana, curl, the tests.

_local=127.0.0.1,localhost,::1
# A script that another one has started finds it done.
if [[ ${NO_PROXY:-} != "$_local"* ]]; then
  # no_proxy is the older name; some programs read only one of the two.
  NO_PROXY=$_local${NO_PROXY:+,$NO_PROXY}${no_proxy:+,$no_proxy}
fi
no_proxy=$NO_PROXY
export NO_PROXY no_proxy
