# The task index. It calls Maven and programs; what they do is written there.
SHELL := bash
.DEFAULT_GOAL := help

# The target jdk says what is missing, once.
export JAVA_HOME := $(shell tools/jdk 2>/dev/null)
java := $(JAVA_HOME)/bin/java
mvn := mvn -B -ntp -Dvitals.git-sha=$(shell git rev-parse --verify -q HEAD || echo unknown)
# Tests, and checks that go with them, are left out where only the programs are wanted.
package := $(mvn) -Dmaven.test.skip=true -Denforcer.skip -Djacoco.skip -Dspotless.check.skip package
# Which tests, says the target.
faults = $(package) -pl services/sandbox,services/whoop-service,services/health-api,services/probe,services/on-call -am && \
	$(mvn) test -pl services/journey -am -Denforcer.skip -Djacoco.skip -Dspotless.check.skip -Dtest='$(tests)' -Dsurefire.failIfNoSpecifiedTests=false \
		-Djourney.groups=drill -Djourney.excluded= $(if $(ONLY),-Dvitals.drill.only=$(ONLY)) $(if $(PAGES),-Dvitals.drill.pages=true) $(if $(WRITE),-Dvitals.write=true)
sandbox := $(java) -jar services/sandbox/target/sandbox.jar

.PHONY: help run stop observe test catalogue dashboards images image-test container-test monitor-test signal-drill runbook-test log-test trace-test operator-test up down reproducible train fuzz chaos bench capacity load format secrets lock runbook runbook-drill incidents incident on-call restore-drill release drift promote rollback tools seal cluster cluster-down platform-test jdk

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: jdk ## build what is stale and run Vitals with simulators; ARGS=--detach returns when it is ready
	@$(package) -pl services/sandbox,services/whoop-service,services/health-api -am
	@$(sandbox) run $(ARGS)

stop: jdk ## stop a detached run
	@$(sandbox) stop

observe: jdk ## Prometheus, Alertmanager and the dashboards beside make run; ARGS="--ports-from N" as it got them
	@tools/observe $(ARGS)

test: jdk ## all tests, the browser journeys included
	@tools/chromium
	@tools/build --for tests >/dev/null
	@$(mvn) -T 2 verify

dashboards: jdk ## write the dashboards anew from their code, and hold them to the rules
	@$(mvn) test -pl gitops/tests -am -Denforcer.skip -Djacoco.skip -Dsurefire.failIfNoSpecifiedTests=false -Dtest=DashboardsTest -Dvitals.write=true

images: jdk ## build the images as tar files; PUSH=registry.example/vitals pushes them there instead
	@tools/images $(PUSH)

image-test: images container-test ## start the images in containers and try to break them

container-test: jdk ## the same, with the images that are there
	@tools/with-containers $(mvn) test -pl services/journey -am -Denforcer.skip -Djacoco.skip -Dspotless.check.skip \
		-Dtest='io.vitals.journey.image.*Test' -Dsurefire.failIfNoSpecifiedTests=false -Djourney.groups=images -Djourney.excluded=

monitor-test: tests := io.vitals.journey.drill.*Test,io.vitals.journey.logs.*Test,io.vitals.journey.tracing.*Test
monitor-test: jdk ## faults in real runs of Vitals, and whether each is told to the right person and taken back, beside a real Loki and Jaeger; ONLY=services does a part, PAGES=1 runs the pages too
	@tools/build --for monitoring >/dev/null
	@$(faults)

signal-drill: tests := io.vitals.journey.drill.*Test
signal-drill: jdk ## the faults alone, without Loki and Jaeger, which take long to build
	@tools/build postgres-exporter prometheus alertmanager >/dev/null
	@$(faults)

runbook-test: tests := io.vitals.journey.drill.*Test
runbook-test: PAGES := 1
runbook-test: jdk ## the faults, and the pages of their alerts followed step by step; WRITE=1 keeps the report in docs/drills.md
	@tools/build postgres-exporter prometheus alertmanager >/dev/null
	@$(faults)

log-test: tests := io.vitals.journey.logs.*Test
log-test: jdk ## what Loki makes of the lines of both services: alerts, search, retention
	@tools/build loki >/dev/null
	@$(faults)

trace-test: tests := io.vitals.journey.tracing.*Test
trace-test: jdk ## what Jaeger makes of the spans of both services: connecting, fetching and merging as one
	@tools/build jaeger >/dev/null
	@$(faults)

operator-test: jdk ## what prometheus-operator makes of the monitors, probes and rules: with an API server, without a node
	@tools/build kubernetes prometheus-operator prometheus alertmanager kustomize >/dev/null
	@$(mvn) test -pl gitops/tests -am -Denforcer.skip -Djacoco.skip -Dspotless.check.skip -Dtest='io.vitals.gitops.operator.*Test' \
		-Dsurefire.failIfNoSpecifiedTests=false -Dgitops.groups=operator -Dgitops.excluded=

reproducible: images ## build the images again in another folder and compare the digests
	@tools/reproducible

train: jdk ## write anew which classes the images' archives hold
	@$(package) -pl services/sandbox,services/probe,services/whoop-service,services/health-api -am
	@services/runtime/train.sh

up: ## run Vitals in containers, from the images of make images; docs/compose.md
	@tools/compose up --detach
	@echo "Vitals is ready: http://vitals.localhost:8080"
	@echo "  control page of the simulators: http://sandbox.localhost:8093"

down: ## stop those containers; ARGS=--volumes deletes their data too
	@tools/compose down $(ARGS)

seal: ## seal what may not be read, by the inventory: CLUSTER=… NAMESPACE=… NAME=… ARGS="key=file …"; docs/platform/secrets.md
	@tools/seal $(CLUSTER) $(NAMESPACE) $(NAME) $(ARGS)

lock: jdk ## build the images and accept their libraries as they are; review the change of services/*/bom.lock
	@LOCK=1 tools/images

secrets: ## look for secrets in the tree and its history
	@tools/secrets

drift: jdk ## which dependencies and plug-ins have newer versions: target/drift.txt
	@tools/drift

release: ## DRY=1 goes through a release of this commit without sending anything anywhere
	@DRY=$(DRY) tools/release all

fuzz: jdk ## bytes made up by a fuzzer to every parser, longer than the tests do; TIME=10m
	@$(mvn) test-compile surefire:test@fuzz -pl services/health-api,services/whoop-service -am -Dvitals.fuzz.time=$(or $(TIME),10m) -Dvitals.fuzz.limit=86400

chaos: jdk ## kill processes under load; SEED=1 N=50000 KILLS=250, PREVIOUS=path/to/an/older/whoop-service.jar
	@$(package) -pl services/sandbox,services/whoop-service,services/health-api -am
	@$(mvn) test -pl services/journey -am -Dtest='io.vitals.journey.chaos.*Test' -Dsurefire.failIfNoSpecifiedTests=false \
		$(if $(SEED),-Dvitals.chaos.seed=$(SEED)) $(if $(N),-Dvitals.chaos.events=$(N)) $(if $(KILLS),-Dvitals.chaos.kills=$(KILLS)) \
		$(if $(PREVIOUS),-Dvitals.previous.jar=$(abspath $(PREVIOUS)))

runbook: jdk ## go through a page: ALERT=PoolTimeouts or PROCEDURE=rollback; DRY=1 only says what would be done; TARGET=staging; runbooks/README.md
	@$(package) -q -pl runbooks/tests -am
	@$(java) -jar runbooks/tests/target/runbooks-tests.jar walk "$(or $(PROCEDURE),$(ALERT))"

runbook-drill: jdk ## let the fault of a page happen and follow the page: ALERT=… TARGET=local, never production
	@$(package) -q -pl runbooks/tests -am
	@$(java) -jar runbooks/tests/target/runbooks-tests.jar drill "$(ALERT)"

incidents: jdk ## write the index of incidents, and say which records or actions are wrong or late; runbooks/incidents/README.md
	@$(package) -q -pl runbooks/tests -am
	@$(java) -jar runbooks/tests/target/runbooks-tests.jar incidents

incident: jdk ## begin the record of an incident from the file that on-call keeps of it: FILE=…
	@$(package) -q -pl runbooks/tests -am
	@$(java) -jar runbooks/tests/target/runbooks-tests.jar incident "$(FILE)"

on-call: jdk ## who is on call now, and whether the rota goes far enough; runbooks/on-call/README.md
	@$(package) -q -pl runbooks/tests -am
	@$(java) -jar runbooks/tests/target/runbooks-tests.jar on-call

restore-drill: jdk ## lose a database and get it back as it was at N=5 random moments; SEED=1, STRETCH=40; docs/recovery.md
	@tools/build --for recovery >/dev/null
	@tools/barman/install >/dev/null
	@$(package) -q -pl services/sandbox,services/whoop-service,services/health-api -am
	@$(mvn) test -pl services/journey -am -Denforcer.skip -Djacoco.skip -Dspotless.check.skip -Dtest='io.vitals.journey.recovery.*Test' \
		-Dsurefire.failIfNoSpecifiedTests=false -Djourney.groups=recovery -Djourney.excluded= \
		$(if $(N),-Dvitals.restore.targets=$(N)) $(if $(SEED),-Dvitals.restore.seed=$(SEED)) $(if $(STRETCH),-Dvitals.restore.stretch=$(STRETCH))

catalogue: jdk ## whether monitoring/catalogue.yaml says what the running services measure
	@$(package) -pl services/sandbox,services/whoop-service,services/health-api,services/on-call -am
	@$(mvn) test -pl services/journey -am -Denforcer.skip -Djacoco.skip -Dspotless.check.skip -Dtest=CatalogueTest \
		-Dsurefire.failIfNoSpecifiedTests=false

bench: jdk ## measure; the figures go to docs/performance.md
	@$(package)
	@$(java) -jar services/loadtest/target/loadtest.jar $(ARGS)

capacity: jdk ## what so many members need: MEMBERS=100000 ARGS="reads=50 years=5 …"; docs/capacity.md
	@$(package) -q -pl services/loadtest,services/health-api -am
	@$(java) -cp services/loadtest/target/loadtest.jar io.vitals.loadtest.capacity.Main $(if $(MEMBERS),members=$(MEMBERS)) $(ARGS)

load: jdk ## members, programs and webhooks in numbers, held to services/loadtest/thresholds.yaml: PROFILE=ci|normal|peak|stress|capacity|soak SCENARIO=read-days THRESHOLDS=another/file.yaml; docs/load.md
	@$(package) -q -pl services/sandbox,services/whoop-service,services/health-api,services/loadtest -am
	@$(java) --add-opens=java.base/java.lang=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -cp services/loadtest/target/loadtest.jar io.vitals.loadtest.load.Main \
		"$(or $(PROFILE),ci)" "$(or $(THRESHOLDS),services/loadtest/thresholds.yaml)" $(SCENARIO)

promote: ## a release to the next environment, on a branch: FROM=dev TO=staging APP=health-api
	@tools/promotion promote "$(FROM)" "$(TO)" "$(APP)"

rollback: ## an environment back to an earlier release, on a branch: ENV=production TO=its-id APP=health-api
	@tools/promotion rollback "$(ENV)" "$(APP)" "$(TO)"

cluster: ## start a Kubernetes here and let Argo CD make of it what the tree says, with the images of make images; docs/platform/offline.md
	@tools/cluster/up
	@tools/cluster/platform
	@echo "The cluster runs: tools/cluster/enter kubectl get applications --all-namespaces"

cluster-down: ## end it, and remove all that it left; ARGS=--keep leaves its state
	@tools/cluster/down $(ARGS)

platform-test: jdk ## the desired state on such a cluster, with requests all the time; N=100 switches the colour that often
	@N=$(N) tools/cluster/test

tools: ## build the programs that checks need into a cache outside the tree, and say where they are
	@tools/build

format: jdk ## bring the Java code into its format
	@$(mvn) -q spotless:apply

jdk:
	@tools/jdk >/dev/null
