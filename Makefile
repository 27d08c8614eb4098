# Everything a fresh machine with Swift needs: `make demo`, `make test`.

SWIFT ?= swift
PREFIX ?= /usr/local
RELEASE = -c release --static-swift-stdlib --product tuneup
# A target may import only what Package.swift says it depends on.
STRICT = --explicit-target-dependency-import-check error
BINARY = .build/release/tuneup

.PHONY: setup demo test release install bench bench-peers regenerate verdicts clean

setup:
	@Scripts/setup

demo: release
	@Scripts/demo $(BINARY)

test: setup
	$(SWIFT) build --build-tests $(STRICT)
	$(SWIFT) test --skip-build

release: setup
	$(SWIFT) build $(RELEASE)

install: release
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/tuneup

bench: release
	@Scripts/bench $(BINARY)

# Steps of each optimizer beside the Python libraries, which are installed below .build/.
bench-peers: release
	@Scripts/bench-peers $(BINARY)

# Writes the pages and schemas that are made from the rules and the data.
regenerate:
	Scripts/embed
	Scripts/regenerate

# Dry-runs the configs whose verdict is known, and writes what came out.
verdicts: release
	$(BINARY) manual Documentation/Verdicts.md > Documentation/Verdicts.md.new
	mv Documentation/Verdicts.md.new Documentation/Verdicts.md

clean:
	rm -rf .build
