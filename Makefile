# The commands of the project. Each is a script in scripts/, which says more with --help.

.PHONY: help start_observer stop_observer clean_observer restart stop kill freeze start load status logs doctor test verify verify_restart chaos abuse bench pgo kubernetes tui sbom fuzz

help: ## What can be typed here
	@awk -F ':.*## ' '/^[a-z_]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

start_observer: ## Builds and starts everything, waits until healthy, prints the URLs  [RUNTIME=auto|compose|local]
	@scripts/start.sh

stop_observer: ## Stops all of it; the data stays
	@scripts/stop.sh

clean_observer: ## Stops all of it and removes the data
	@scripts/clean.sh

restart: ## Rebuilds and restarts one service  APP=beta
	@scripts/service.sh restart "$$APP"

stop: ## Stops one service, to see what that does; the others keep running  APP=beta
	@scripts/service.sh stop "$$APP"

kill: ## Kills one service, as a crash would; it stays dead until it is started  APP=postgres
	@scripts/service.sh kill "$$APP"

freeze: ## Freezes one service: it is there, and does nothing  APP=postgres
	@scripts/service.sh freeze "$$APP"

start: ## Starts one service that was stopped or killed, thaws one that is frozen  APP=beta
	@scripts/service.sh start "$$APP"

load: ## Another attack, with report and plot  [RATE=40] [DURATION=5m]
	@scripts/load.sh

status: ## What runs, and whether it is healthy
	@scripts/status.sh

logs: ## The log of one service  APP=app [FOLLOW=1]
	@scripts/logs.sh "$$APP"

tui: ## The dashboards in this terminal
	@scripts/tui.sh

doctor: ## What is missing or in the way, and how to mend it
	@scripts/doctor.sh

test: ## Sets up what the tests need, and runs them all
	@scripts/test.sh

verify: ## Tests the stack that runs
	@scripts/verify.sh

verify_restart: ## Restarts app under load on the stack that runs; nothing may be lost
	@scripts/verify_restart.sh

chaos: ## Breaks the stack that runs, and follows the alerts; half an hour  [SCENARIO=error-burst]
	@scripts/chaos.sh "$$SCENARIO"

abuse: ## Treats services of its own badly: overload, slow clients, malformed requests, killed databases; minutes
	@scripts/abuse.sh

bench: ## Measures the service beside its peers, and holds it against the targets; twenty minutes  [PART=counter]
	@scripts/bench.sh "$$PART"

pgo: ## Builds the service by a profile of its load: less CPU for each request, a larger binary; minutes
	@scripts/pgo.sh

kubernetes: ## Generates what the Kubernetes manifests need, and renders them
	@scripts/kubernetes.sh

sbom: ## Writes what is in the binary as a bill of materials, and checks it  [PLATFORM=aarch64-unknown-linux-gnu]
	@scripts/sbom.sh

fuzz: ## Feeds what parses input with what was never meant for it  [TARGET=delay] [DURATION=1m]
	@scripts/fuzz.sh "$$TARGET"
