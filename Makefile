# The few commands a person needs. What they do is in scripts/, to be read there.
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help run demo build test test-all fuzz bench lint fmt clean

help: ## Lists these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

run: build ## Builds a release and serves it from ./data (SQLite)
	@exec target/release/kith serve

demo: build ## Serves a dozen people and some thousand messages from ./data-demo
	@exec target/release/kith demo

build: ## Builds target/release/kith, one binary that runs from any folder
	@scripts/build.sh

# The count of passed and failed stays the last line. In its question mode make runs only what is
# marked by a plus, and says nothing about an exit code of 1, which it hands on.
ifneq ($(filter $(MAKECMDGOALS),test test-all),)
MAKEFLAGS += --question
endif
test: ## Proves everything on SQLite, MariaDB and Chromium
	+@env -u MAKEFLAGS scripts/test.sh

test-all: ## The same at length: all of the browser on both databases, many more random cases
	+@env -u MAKEFLAGS KITH_TEST_ALL=1 scripts/test.sh

# SECONDS is handed on as an argument: in bash, a variable of that name counts up by itself.
fuzz: ## Fuzzes the frame decoder until Ctrl-C, or all that is fuzzed for SECONDS=60 each
	@scripts/fuzz.sh $(SECONDS)

bench: ## Measures messages a second on a MariaDB of its own
	@scripts/debian.sh
	@scripts/bench.sh

lint: ## Checks formatting, clippy and types
	@scripts/lint.sh

fmt: ## Formats the Rust code
	@cargo fmt --all
	@cargo fmt --manifest-path fuzz/Cargo.toml

clean: ## Removes what was built; tools and data stay
	@rm -rf target fuzz/target end2end/node_modules end2end/test-results
