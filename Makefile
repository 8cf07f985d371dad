# SPDX-FileCopyrightText: the cmrr authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# One file, no recursion into folders. `make help` lists the targets. BUILD=DIR puts products elsewhere; SAN=address,undefined
# builds with sanitizers (into build-address-undefined); WERROR=1 makes warnings errors; CFLAGS, LDFLAGS, DESTDIR, PREFIX are yours.

CFLAGS  ?= -O2 -g
PREFIX  ?= /usr/local
comma   := ,
BUILD   ?= build$(if $(SAN),-$(subst $(comma),-,$(SAN)))
VERSION := 0.1.0

PACKAGES = alsa fftw3 sndfile jansson libmicrohttpd libcurl libsystemd
PKGCONF := $(shell command -v pkg-config)
ifdef PKGCONF
PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
PKG_LIBS   := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null)
CHECK_LIBS := $(shell pkg-config --libs check 2>/dev/null)
endif

OWN = -std=gnu11 -D_GNU_SOURCE -Iinclude -Itests/support -MMD -MP -pthread -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion \
      -Wmissing-prototypes -Wstrict-prototypes $(if $(WERROR),-Werror) \
      $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer) $(PKG_CFLAGS)
LIBS = $(PKG_LIBS) -lm -pthread

LIB_SRC  := $(wildcard src/core/*.c src/audio/*.c src/fixture/*.c src/sim/*.c src/output/*.c src/app/*.c)
LIB_OBJ  := $(LIB_SRC:%.c=$(BUILD)/%.o)
CMRR_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard src/cmrr.c src/cmd/*.c))
CMRRD_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard src/cmrrd.c))
LIB      := $(BUILD)/libcmrr.a
PROGRAMS := $(if $(CMRR_OBJ),$(BUILD)/cmrr) $(if $(CMRRD_OBJ),$(BUILD)/cmrrd)

SUPPORT_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/support/*.c))
UNIT_TESTS  := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test_*.c))
TRUTH_TESTS := $(patsubst tests/truth/%.c,$(BUILD)/tests/%,$(wildcard tests/truth/test_*.c))
AUDIO_TESTS := $(patsubst tests/audio/%.c,$(BUILD)/tests/%,$(wildcard tests/audio/test_*.c))
BENCHES     := $(patsubst tests/bench/%.c,$(BUILD)/tests/%,$(wildcard tests/bench/bench_*.c))
E2E_TESTS   := $(wildcard tests/e2e/[0-9]*.sh)
TEST_ENV     = CMRR_BUILD=$(abspath $(BUILD)) CMRR_SOURCE=$(CURDIR)

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all help clean install demo demo-run check check-run check-truth check-truth-run check-audio check-audio-run \
        bench bench-run lint lint-run deps-% FORCE

all: $(PROGRAMS) ## build the programs (default)

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

# A target that needs packages installs its sets and then starts make anew: what they bring (pkg-config, headers) was
# not there when this file was read.
demo: deps-build,run,test ## the main job on the simulated bench, into $(BUILD)/demo
	@$(MAKE) --no-print-directory demo-run
check: deps-build,run,test ## all tests that need no cable, in under two minutes
	@$(MAKE) --no-print-directory check-run
check-truth: deps-build,run,test,truth ## device files made again by ngspice; the whole table of expected values
	@$(MAKE) --no-print-directory check-truth-run
check-audio: deps-build,run,test,audio ## a real ALSA without a sound card
	@$(MAKE) --no-print-directory check-audio-run
bench: deps-build,run ## speeds, as ratios
	@$(MAKE) --no-print-directory bench-run
lint: deps-build,test,lint ## static checks, formatting, structure
	@$(MAKE) --no-print-directory lint-run

deps-%:
	@scripts/install-deps $(subst $(comma), ,$*)

demo-run: all
	@CMRR_BUILD=$(abspath $(BUILD)) scripts/demo

check-run: all $(UNIT_TESTS)
	@$(TEST_ENV) tests/run $(UNIT_TESTS) $(E2E_TESTS)

check-truth-run: all $(TRUTH_TESTS)
	@$(TEST_ENV) tests/run $(TRUTH_TESTS) $(wildcard tests/truth/*.sh)

check-audio-run: all $(AUDIO_TESTS)
	@$(TEST_ENV) CMRR_TEST_JOBS=1 tests/run $(wildcard tests/audio/*.sh)

bench-run: all $(BENCHES)
	@for bench in $(BENCHES); do $(TEST_ENV) $$bench || exit 1; done

lint-run: all
	@$(TEST_ENV) scripts/lint/run

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(OWN) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# The build's own tree is where data files are found before they are installed; the build id tells one build from another.
$(BUILD)/src/app/build_info.o: private OWN += -DCMRR_VERSION='"$(VERSION)"' -DCMRR_TREE='"$(CURDIR)"' -DCMRR_PREFIX='"$(PREFIX)"' \
    -DCMRR_BUILD_STAMP='"$(shell od -An -N4 -tx4 /dev/urandom | tr -d " ")"'
$(BUILD)/src/app/build_info.o: $(filter-out $(BUILD)/src/app/build_info.o,$(LIB_OBJ) $(CMRR_OBJ) $(CMRRD_OBJ))

# The PREFIX that the program was told last: 'make' and then 'make install PREFIX=...' tells it anew.
$(BUILD)/prefix: FORCE
	@mkdir -p $(@D)
	@echo '$(PREFIX)' | cmp -s - $@ || echo '$(PREFIX)' >$@
$(BUILD)/src/app/build_info.o: $(BUILD)/prefix
FORCE:

$(LIB): $(LIB_OBJ)
	@rm -f $@
	ar rcs $@ $^

$(BUILD)/cmrr: $(CMRR_OBJ) $(LIB)
	$(CC) $(OWN) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
$(BUILD)/cmrrd: $(CMRRD_OBJ) $(LIB)
	$(CC) $(OWN) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/tests/test_%: $(BUILD)/tests/unit/test_%.o $(SUPPORT_OBJ) $(LIB)
	$(CC) $(OWN) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(CHECK_LIBS) $(LIBS)
$(BUILD)/tests/test_%: $(BUILD)/tests/truth/test_%.o $(SUPPORT_OBJ) $(LIB)
	$(CC) $(OWN) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(CHECK_LIBS) $(LIBS)
$(BUILD)/tests/test_%: $(BUILD)/tests/audio/test_%.o $(SUPPORT_OBJ) $(LIB)
	$(CC) $(OWN) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(CHECK_LIBS) $(LIBS)
$(BUILD)/tests/bench_%: $(BUILD)/tests/bench/bench_%.o $(SUPPORT_OBJ) $(LIB)
	$(CC) $(OWN) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(CHECK_LIBS) $(LIBS)

DOC = $(DESTDIR)$(PREFIX)/share/doc/cmrr
install: all ## programs, data, documents under $(DESTDIR)$(PREFIX)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/cmrr/duts $(DOC)/docs/img \
	    $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin
	install -m 644 calib/duts/*.csv $(DESTDIR)$(PREFIX)/share/cmrr/duts
	install -m 644 README.md NOTICE LICENSE $(DOC)
	install -m 644 docs/*.md $(DOC)/docs
	install -m 644 docs/img/*.png $(DOC)/docs/img
	install -m 644 docs/man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1

clean: ## remove everything that was built
	rm -rf build build-*

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
