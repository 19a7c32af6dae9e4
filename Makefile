# What people and machines call. Each target says what it needs.

GO ?= go
# Programs of other architectures run under this.
QEMU ?= qemu-aarch64
# Seconds of fuzzing for each target in `make fuzz`.
FUZZTIME ?= 30s

# Machine code is what most tests are about, also those with the race detector, and code
# that does not fit is a failure: twins would hide it. What sets MORESTACK below has to say
# so, too.
export MORESTACK := strict=1,native=1

STRESS := MORESTACK=strict=1,stress=move,poison=1,audit=1 GOGC=1
# Packages whose tests run bodies, and so other machine code on each architecture.
BODIES := ./coro ./tests/bodies/... ./tests/collector ./tests/constructs ./tests/crashes ./tests/encodings ./tests/faults ./tests/injection ./tests/interrupts ./tests/machine ./tests/pieces ./tests/profiles ./tests/programs ./tests/run ./tests/verify/...
# Those that build programs, or collect a thousand times, in no mode that slows them down.
NATIVE := . ./stackcopy ./guard ./tests/answers ./tests/ends $(BODIES)
# Those whose tests run on twins in native builds, too.
TWINS := ./coro ./tests/constructs ./tests/ends ./tests/interrupts ./tests/programs
# Packages whose tests run the generator and the go command, on each architecture
# in turn where that matters.
GENERATING := ./gen/... ./tests/environments ./tests/fixedbugs ./tests/fuzz/... ./tests/gotest ./tests/ordering
# The collector's modes for its own tests. One stops the world, one marks a second time
# and compares, one overwrites what it frees: each by itself, and all together.
GCMODES := gcstoptheworld=1 gccheckmark=1 clobberfree=1 gcstoptheworld=1,gccheckmark=1,clobberfree=1
# How much stack Go functions find that bodies call, at every depth of their goroutine's.
STACK := $(GO) test -count=1 -v -run '^(TestStackOf|TestReserveStack)'
# Every poll and prologue collects twice and moves, backing off; what was freed or left
# behind is overwritten. It would be the go command's environment, too, which would take
# hours: hence -exec.
COLLECT := env MORESTACK=strict=1,stress=move,collect=1,poison=1 GODEBUG=clobberfree=1
# How long the soak test runs.
SOAKTIME ?= 3m
# Random functions that are compiled and compared.
FUNCTIONS ?= 200

.PHONY: run test test-native test-generate test-stress test-collect test-gcmodes test-race test-purego test-arm64 test-arm64-stress \
	test-debug test-stack cross qemu gdb bench fuzz differential inject soak generate check-generate lint

## run: every body in a coroutine, and the same in plain Go
run:
	$(GO) run ./tests/run

## test: every test, on this machine and for linux/arm64
test: test-native test-generate test-stress test-collect test-gcmodes test-race test-debug test-stack test-purego cross test-arm64 test-arm64-stress

# Results of earlier runs are not used (-count=1): the go command does not see
# that a test depends on MORESTACK.
test-native: gdb
	$(GO) test -count=1 $(NATIVE) ./tests/bench

# The generator in users' settings, programs of the Go project, and random ones.
test-generate: qemu
	$(GO) test -count=1 -timeout 20m $(GENERATING)

test-stress:
	$(STRESS) $(GO) test -count=1 $(BODIES)

# On arm64, where it takes longer, the packages whose frames hold most.
test-collect: qemu
	$(GO) test -count=1 -timeout 20m -exec "$(COLLECT)" $(BODIES)
ifneq ($(ARM64),skip)
	GOARCH=arm64 $(GO) test -count=1 -timeout 20m -exec "$(COLLECT) $(QEMU)" ./tests/collector ./tests/programs
endif

# What frames hold shows best where the collector is least forgiving, and that is a
# matter of timing: hence twice, at full speed and slowed down by moving. Not in the
# environment of the go command: the compiler would take minutes.
test-gcmodes: qemu
	for mode in $(GCMODES); do for stress in MORESTACK=strict=1 MORESTACK=strict=1,stress=move; do \
		echo "gcmodes: $$mode $$stress"; \
		$(GO) test -count=2 -exec "env GOGC=1 GODEBUG=$$mode $$stress" ./tests/collector ./tests/constructs ./tests/programs || exit 1; \
	done; done
ifneq ($(ARM64),skip)
	GOARCH=arm64 $(GO) test -count=1 -exec "env GOGC=1 GODEBUG=$(lastword $(GCMODES)) $(QEMU)" ./tests/collector
endif

# Natively, and as users have it: on twins.
test-race:
	$(GO) test -count=1 -race $(NATIVE)
	$(GO) test -count=1 -race -exec "env MORESTACK=strict=1" $(TWINS)

# Built as for a debugger: frames are larger, of which nosplit functions have
# 800 bytes in all.
test-debug:
	$(GO) test -count=1 -gcflags='all=-N -l' $(BODIES)
	$(GO) test -count=1 -gcflags=all=-N ./tests/programs

# The size of frames depends on how a program is built, and so does what is left of
# the stack where native code calls Go: it is measured in every mode.
test-stack: qemu
	$(STACK) ./coro
	$(STACK) -gcflags=all=-N ./coro
	$(STACK) -gcflags='all=-N -l' ./coro
	$(STACK) -race ./coro
	$(STACK) -race -gcflags=all=-N ./coro
	$(STACK) -asan ./coro
	@if sh .ci/install clang clang; then set -x; CC=clang $(STACK) -msan ./coro; \
		else echo "test-stack: clang is missing and could not be installed: the test with -msan is NOT RUN" >&2; fi
ifneq ($(ARM64),skip)
	GOARCH=arm64 $(STACK) -exec $(QEMU) ./coro
	GOARCH=arm64 $(STACK) -exec $(QEMU) -gcflags=all=-N ./coro
	GOARCH=arm64 $(STACK) -exec $(QEMU) -gcflags='all=-N -l' ./coro
endif

test-purego:
	$(GO) test -count=1 -tags purego ./tests/answers ./tests/ends $(BODIES)
	$(GO) test -count=1 -exec "env MORESTACK=strict=1,native=0" $(TWINS)
	$(GO) run -tags purego ./tests/run

test-arm64: qemu
ifneq ($(ARM64),skip)
	GOARCH=arm64 $(GO) test -count=1 -exec $(QEMU) $(NATIVE)
	GOARCH=arm64 $(GO) run -exec $(QEMU) ./tests/run
endif

test-arm64-stress: qemu
ifneq ($(ARM64),skip)
	$(STRESS) GOARCH=arm64 $(GO) test -count=1 -timeout 20m -exec $(QEMU) $(BODIES)
endif

# Platforms that have the purego twin only.
cross:
	for platform in darwin/arm64 windows/amd64 linux/riscv64; do \
		echo "cross: $$platform"; \
		GOOS=$${platform%/*} GOARCH=$${platform#*/} $(GO) build ./... && \
		GOOS=$${platform%/*} GOARCH=$${platform#*/} $(GO) vet ./... || exit 1; \
	done

# Makes sure that arm64 programs can run here: without that the arm64 tests
# would be skipped, and they are half of what is to be tested.
qemu:
	@sh .ci/qemu "$(QEMU)" "$(ARM64)"

# One test debugs a program. Without a debugger it says that it was not run.
gdb:
	@sh .ci/install gdb gdb || echo "gdb: without it TestDebugger is NOT RUN" >&2

## bench: our figures beside those of iter.Pull, goroutines and the kernel
bench:
	$(GO) run ./tests/bench

## fuzz: relocation of made-up stacks and maps
fuzz:
	$(GO) test -run '^$$' -fuzz FuzzRelocate -fuzztime $(FUZZTIME) ./stackcopy

## differential: FUNCTIONS random functions as bodies and as plain Go, on both architectures
differential: qemu
	$(GO) test -count=1 -timeout 30m -run TestDifferential ./tests/fuzz -functions $(FUNCTIONS)

## inject: a fault at each instruction of every body, while the collector marks
inject: qemu
	INJECTION_REQUIRED=1 $(GO) test -count=1 -timeout 30m -run Everywhere ./tests/injection -all
ifneq ($(ARM64),skip)
	GOARCH=arm64 $(GO) test -count=1 -timeout 30m -run Everywhere -exec $(QEMU) ./tests/injection -all
endif

## soak: everything at once, for SOAKTIME
soak:
	$(GO) run ./tests/soak -time $(SOAKTIME)

## generate: makes every generated file again
generate:
	$(GO) generate ./...

## check-generate: deletes them, makes them again, and fails on any difference
check-generate:
	git ls-files -z | xargs -0 grep -lE '^// (Code generated by|Written by: go run)' -- | grep -vE '^(gen/bodyheaders/|Makefile)' | xargs rm -f
	$(GO) generate ./...
	@changes=$$(git status --porcelain); if [ -n "$$changes" ]; then \
		echo "check-generate: generated files differ, or there are files that git does not know:"; \
		echo "$$changes"; git --no-pager diff | head -n 50; exit 1; fi

## lint: format, vet, staticcheck
lint:
	@unformatted=$$(gofmt -l .); if [ -n "$$unformatted" ]; then echo "gofmt -w needed:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	GOARCH=arm64 $(GO) vet ./...
	$(GO) vet -tags purego ./...
	$(GO) run honnef.co/go/tools/cmd/staticcheck@v0.6.1 ./...
