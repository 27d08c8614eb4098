# Everything a fresh machine with Swift needs: `make demo`, `make test`.

SWIFT ?= swift
PREFIX ?= /usr/local
RELEASE = -c release --static-swift-stdlib --product tuneup
# A target may import only what Package.swift says it depends on.
STRICT = --explicit-target-dependency-import-check error
BINARY = .build/release/tuneup

.PHONY: setup demo test release install bench bench-peers accuracy regenerate verdicts presets guides clean

setup:
	@Scripts/setup

demo: release
	@Scripts/demo $(BINARY)

test: setup
	$(SWIFT) build --build-tests $(STRICT)
	$(SWIFT) test --skip-build

release: setup
	$(SWIFT) build $(RELEASE)

# The program, its manual pages, and what bash, zsh and fish complete.
install: release
	$(SWIFT) build --product generate-manual
	Scripts/install $(BINARY) .build/debug/generate-manual $(DESTDIR)$(PREFIX)

bench: release
	@Scripts/bench $(BINARY)

# Steps of each optimizer beside the Python libraries, which are installed below .build/.
bench-peers: release
	@Scripts/bench-peers $(BINARY)

# Compares memory estimates with measured runs, where tables of them lie in ROWS.
ROWS ?= ../shared/vram
EXAMPLES ?= ../shared/configs/simpletuner
accuracy: release
	@if ls $(ROWS)/*.csv >/dev/null 2>&1; then \
	  $(BINARY) accuracy --examples $(EXAMPLES) $(ROWS)/*.csv > Documentation/Accuracy.md; \
	else echo "accuracy: no tables in $(ROWS), Documentation/Accuracy.md stays as it is" >&2; fi

# Writes the pages and schemas that are made from the rules and the data.
regenerate:
	Scripts/embed
	Scripts/regenerate

# Dry-runs the configs whose verdict is known, and writes what came out.
verdicts: release
	$(BINARY) manual Documentation/Verdicts.md > Documentation/Verdicts.md.new
	mv Documentation/Verdicts.md.new Documentation/Verdicts.md

# Finds the starting config of every trainer, model, method and card, and runs each dry.
presets: release
	$(BINARY) manual Presets/presets.json > Presets/presets.json.new
	mv Presets/presets.json.new Presets/presets.json
	Scripts/embed
	$(SWIFT) build $(RELEASE)
	$(BINARY) manual Documentation/Recommendations.md > Documentation/Recommendations.md.new
	mv Documentation/Recommendations.md.new Documentation/Recommendations.md

# Tries what the guides say, and writes what came out.
guides: release
	$(BINARY) manual Documentation/Guides-measured.md > Documentation/Guides-measured.md.new
	mv Documentation/Guides-measured.md.new Documentation/Guides-measured.md
	$(BINARY) compare Examples/prodigy-cosine.json --vary optimizer.d_coef=0.5,1,1.2 --images 40 \
	  --seeds 16 --basin 0 --plot Documentation/d-coefficient.svg > /dev/null

clean:
	rm -rf .build
