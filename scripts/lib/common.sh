# shellcheck shell=bash
# Sourced first by every command.

set -euo pipefail

_lib=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/lib/say.sh
. "$_lib/say.sh"
# shellcheck source=scripts/lib/settings.sh
. "$_lib/settings.sh"
# shellcheck source=scripts/lib/proxies.sh
. "$_lib/proxies.sh"
# shellcheck source=scripts/lib/outside.sh
. "$_lib/outside.sh"
# shellcheck source=scripts/lib/processes.sh
. "$_lib/processes.sh"
# shellcheck source=scripts/lib/lock.sh
. "$_lib/lock.sh"
# shellcheck source=scripts/lib/runtime.sh
. "$_lib/runtime.sh"
