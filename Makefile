# The commands of the project. Each runs a script in scripts/, whose --help says more.

.PHONY: help start_observer stop_observer clean_observer restart reload stop kill freeze start load status logs doctor test verify verify_restart chaos abuse bench bench_console kubernetes sbom fuzz save_dashboard pictures

help: ## Lists these commands
	@awk -F ':.*## ' '/^[a-z_]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

start_observer: ## Builds and starts the stack, waits until it is healthy, prints its URLs  [RUNTIME=auto|compose|local|kubernetes]
	@scripts/start.sh

stop_observer: ## Stops the stack and keeps its data
	@scripts/stop.sh

clean_observer: ## Stops the stack and removes its data
	@scripts/clean.sh

restart: ## Rebuilds and restarts one service  APP=beta
	@scripts/service.sh restart "$$APP"

reload: ## Lets Prometheus or Alertmanager read its configuration again  APP=prometheus
	@scripts/service.sh reload "$$APP"

stop: ## Stops one service; the others keep running  APP=beta
	@scripts/service.sh stop "$$APP"

kill: ## Kills one service as a crash would; it stays down until it is started  APP=postgres
	@scripts/service.sh kill "$$APP"

freeze: ## Suspends the processes of one service; its connections stay open  APP=postgres
	@scripts/service.sh freeze "$$APP"

start: ## Starts a service that was stopped or killed, resumes one that is frozen  APP=beta
	@scripts/service.sh start "$$APP"

load: ## Runs another load test, with a report and a plot  [RATE=40] [DURATION=5m]
	@scripts/load.sh

status: ## Lists the services and their health
	@scripts/status.sh

logs: ## Prints the log of one service  APP=app [FOLLOW=1]
	@scripts/logs.sh "$$APP"

doctor: ## Checks the machine: what is missing, which ports are taken, how to fix it
	@scripts/doctor.sh

test: ## Sets up what the tests need and runs them all
	@scripts/test.sh

verify: ## Tests the running stack
	@scripts/verify.sh

verify_restart: ## Restarts app under load on the running stack; no request may be lost
	@scripts/verify_restart.sh

chaos: ## Breaks the running stack and checks that each alert fires and resolves; three quarters of an hour  [SCENARIO=error-burst]
	@scripts/chaos.sh "$$SCENARIO"

abuse: ## Tests overload, slow clients, malformed requests and killed databases; minutes
	@scripts/abuse.sh

bench: ## Measures the service beside its peers, and compares the figures with the targets; a quarter of an hour  [PART=counter]
	@scripts/bench.sh "$$PART"

bench_console: ## Measures the console's first draw of 40 panels in Chromium; minutes  [ROUNDS=10]
	@scripts/bench_console.sh "$$ROUNDS"

kubernetes: ## Generates and renders the Kubernetes manifests
	@scripts/kubernetes.sh

sbom: ## Writes the bill of materials of the binary and checks it  [PLATFORM=aarch64-unknown-linux-gnu]
	@scripts/sbom.sh

fuzz: ## Fuzzes the parsers  [TARGET=delay] [DURATION=1m]
	@scripts/fuzz.sh "$$TARGET"

# UID is make's own here, because a shell has a variable of this name.
save_dashboard: ## Writes a dashboard that was changed in Grafana into its file  UID=http-services
	@scripts/save_dashboard.sh '$(subst ','\'',$(value UID))'

pictures: ## Takes the pictures of the README from the running stack; five minutes  [PICTURE=dashboard]
	@scripts/pictures.sh "$$PICTURE"
