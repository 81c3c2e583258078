# fedlayers: everything that can be done here, by name. `make` alone lists it.
SCALE ?= quick
PAPER ?= all
EFFORT ?= 20
CLUSTER_TESTS ?= SparkEngineTest,StandaloneTest
MVN ?= mvn

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# In ASCII a checkout cannot have an umlaut in its path.
ifeq ($(shell locale charmap 2>/dev/null),ANSI_X3.4-1968)
export LC_ALL := C.UTF-8
endif
# Written last, and dated when the build began.
BUILT := target/class-path.txt
FEDLAYERS := environment/fedlayers
JAVA := "$${JAVA_HOME:+$$JAVA_HOME/bin/}java"
# Without what editors leave beside open files; with folders, since a deleted file changes the time of its own.
SOURCES = $(shell find $(1) \( -type d -o -type f \) ! -name '.*' ! -name '*~' ! -name '\#*')
NOTEBOOKS := $(sort $(wildcard notebooks/*.ipynb))
SCRIPTS := environment/build environment/fedlayers environment/here.sh environment/install-kernel environment/jupyter environment/setup environment/spark results/scaling/measure

.PHONY: help
help:  ## this list
	@echo 'make TARGET'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-13s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo 'make reproduce SCALE=quick|laptop|paper PAPER=divergence|fixbn|man|together|all   (default: quick, all)'
	@echo 'The same from the shell, and more of it: environment/fedlayers --help'

# Exit status 3 says that a cell diverged, which is a result to be drawn.
.PHONY: reproduce
reproduce: build  ## run the papers' experiments, then draw their tables and figures
	$(FEDLAYERS) run $(PAPER) --scale $(SCALE) || [ $$? = 3 ]
	$(FEDLAYERS) figures

.PHONY: setup
setup: build  ## install Jupyter where it is missing, and the Java notebook kernel
	environment/setup

.PHONY: build
build: $(BUILT)  ## compile (the first time also fetches the libraries, about 250 MB)

$(BUILT): pom.xml $(call SOURCES,src/main)
	@environment/build $(MVN)

.PHONY: data
data: build  ## fetch, verify and unpack the image sets
	$(FEDLAYERS) data

.PHONY: notebooks
notebooks: setup  ## execute every notebook, headless and in place; an error in a cell fails
	@for notebook in $(NOTEBOOKS); do environment/jupyter run "$$notebook" || exit 1; done

.PHONY: lab
lab: build  ## open the notebooks in the browser, on this machine's loopback only
	environment/setup lab
	environment/jupyter lab

.PHONY: figures
figures: build  ## redraw every figure and table from the checked-in CSV files
	$(FEDLAYERS) figures

.PHONY: picture
picture:  ## draw the README's first picture by the README's first lines
	$(MVN) -B -ntp -q -Dfmt.skip test-compile surefire:test -Dtest=ReadmeTest -Dreadme.picture=results/front-door.png

.PHONY: claims
claims: build  ## judge every claim from the checked-in CSV files
	$(FEDLAYERS) claims

.PHONY: bench
bench: build  ## measure training speed, beside PyTorch where it is installed (ARGS=--help)
	@$(MVN) -q -B -ntp -Dfmt.skip test-compile
	$(FEDLAYERS) bench $(ARGS)

# In target/cluster: the library and everything else stay as they are.
CLUSTER := target/cluster/spark-path.txt
.PHONY: cluster
cluster: $(CLUSTER)  ## compile for Apache Spark (run --engine spark); fetches another 200 MB

$(CLUSTER): pom.xml $(call SOURCES,src/main src/cluster/java src/cluster/resources)
	@FETCHES='450 MB' environment/build $(MVN) -Pcluster
	@$(MVN) -q -B -ntp -Pcluster jar:jar
	@rm -rf target/cluster/spark

.PHONY: cluster-test
cluster-test: cluster  ## hold Spark's bytes against the threads', a worker and the driver killed (minutes)
	$(MVN) -B -ntp -Pcluster -Dfmt.skip test-compile surefire:test -Dtest='$(CLUSTER_TESTS)'

.PHONY: cluster-bench
cluster-bench: build cluster  ## measure what a round costs on threads and on Spark (MASTERS='local[2] ...')
	results/scaling/measure
	$(JAVA) -Djava.awt.headless=true -cp "target/classes:$$(cat target/class-path.txt)" results/scaling/Plot.java results/scaling/scaling.csv

# Exits 2 where there is no card to hold against the plan.
.PHONY: gpu-test
gpu-test: build  ## hold an NVIDIA card's gradients against the CPU's, for every layer
	@$(MVN) -q -B -ntp -Dfmt.skip test-compile
	@$(JAVA) @environment/jvm.options -cp "target/test-classes:target/classes:$$(cat target/class-path.txt)" \
	  org.fedlayers.nn.cuda.CardAgreement

.PHONY: cuda-build
cuda-build:  ## compile for DL4J graphs on cards of sm_37 to sm_86 (--executor cuda needs no such build)
	@FETCHES='650 MB' environment/build $(MVN) -Dcuda -Djavacpp.platform=linux-x86_64

.PHONY: test
test:  ## what CI checks, Spark aside: format, lint, tests, notebooks, jars, Javadoc, scripts
	@for script in $(SCRIPTS); do sh -n "$$script" || exit 1; done
	@if command -v shellcheck >/dev/null; then shellcheck -x $(SCRIPTS) .ci/run; fi
	$(MVN) -B -ntp verify

PACKAGE := federated
.PHONY: mutation
mutation:  ## which changes of a package its own tests do not see: target/pit-reports (PACKAGE=results, minutes)
	$(MVN) -B -ntp -q -Pmutation -Dfmt.skip -Dpackage=$(PACKAGE) test-compile org.pitest:pitest-maven:mutationCoverage

.PHONY: soak
soak:  ## attack the whole program for some 20 minutes; results/soak.csv says how it ended
	$(MVN) -B -ntp -q test-compile surefire:test -Dtest='*Soak' -Dsoak.effort=$(EFFORT) -Dsoak.record='$(CURDIR)/results/soak.csv'

.PHONY: clean
clean:  ## delete what was built; results, trials, unfinished runs and data stay
	rm -rf target
