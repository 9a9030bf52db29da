# make demo      install what is missing, build, code the articles in examples/, leave demo/index.html and the corpus demo/news.db
# make test      build and run all tests
# make build     the program alone: build/reportedly
# make test-pages  the pages in headless Chromium, by keys alone, with axe-core; screenshots in $(BUILD)/pages (needs node and npm)
# make pictures  docs/pictures/, the README's pictures of reader and dispute matrix
# make bench     speed, memory and start-up; $(ADD_DOCUMENTS) documents read, coded, stored and grouped, by stage; the store and its searches
#                at 1,000 and 10,000 made-up documents (STORE_DOCUMENTS=100000: at 30,000 and 100,000 too, which takes an hour and 17 GB); killed imports
# make bench-peers  the same articles through spaCy and CoreNLP, installed into $(PEERS) (needs the network once)
# make evaluate  scores of both models on the corpora in $(CORPORA), written to docs/accuracy.md and docs/accuracy-fast.md
# make fuzz SECONDS=60  every fuzz target for so long, with ASan and UBSan
# make hostile   texts made to hurt, at sizes n, 2n and 4n: does anything crash, get lost, take more than linear time or too much memory?
# make stream DOCUMENTS=50000  short articles through `code`: memory stays where it was
# make tsan      what runs in several threads, with ThreadSanitizer
# make mutate    small deliberate breakages: do the tests notice?
# make lint      clang-format and clang-tidy on our own sources
# make train     the model file, from the corpora in $(CORPORA) (see training/README.md)
# make install   to $(PREFIX)
BUILD ?= build
CORPORA ?= ../shared/corpora
PREFIX ?= /usr/local
PYTHON ?= python3
SECONDS ?= 60
JOBS ?= $(shell nproc)
ADD_DOCUMENTS ?= 10000
STORE_DOCUMENTS ?= 10000
KILL_DOCUMENTS ?= 5000
DOCUMENTS ?= 50000
PEERS ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/reportedly-peers
PROGRAM = $(BUILD)/reportedly
CONFIGURE = cmake -S . -B $(BUILD) -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=$(PREFIX)

.PHONY: build demo test test-pages pictures bench bench-peers fuzz hostile stream tsan mutate evaluate lint train install packages clean

build: packages
	@$(CONFIGURE) -DREPORTEDLY_TESTS=OFF -DREPORTEDLY_BENCH=OFF >$(BUILD).log 2>&1 || { cat $(BUILD).log; exit 1; }
	@mv -f $(BUILD).log $(BUILD)/configure.log
	@ninja -C $(BUILD) -j $(JOBS) reportedly

demo: build
	@mkdir -p demo
	@$(PROGRAM) code examples/*.txt examples/*.jsonl --format html >demo/index.html
	@$(PROGRAM) code examples/*.txt examples/*.jsonl --format account
	@echo
	@rm -f demo/news.db demo/news.db-*
	@$(PROGRAM) add examples/corpus/articles --store demo/news.db
	@echo
	@$(PROGRAM) disputes --store demo/news.db --limit 12
	@echo
	@echo "A corpus of 86 invented articles: demo/news.db. What was planted in it: examples/corpus/README.md"
	@echo "The articles with every voice, code and reason: open demo/index.html"

test: packages
	@$(CONFIGURE) -DREPORTEDLY_TESTS=ON -DREPORTEDLY_BENCH=OFF -DREPORTEDLY_WERROR=ON
	@ninja -C $(BUILD) -j $(JOBS)
	@ctest --test-dir $(BUILD) --output-on-failure -j $(JOBS)

tests/pages/node_modules: tests/pages/package-lock.json
	@tools/install.sh pages
	@command -v npm >/dev/null || { echo "the page tests need node (20 or later) and npm" >&2; exit 1; }
	@cd tests/pages && npm ci --no-audit --no-fund --silent && touch node_modules

# With the program that is there: `make build` or `make test` first.
test-pages: tests/pages/node_modules
	@node tests/pages/test.mjs $(PROGRAM) $(BUILD)/pages

pictures: tests/pages/node_modules
	@node tests/pages/picture.mjs $(PROGRAM) docs/pictures

bench: packages
	@tools/install.sh bench
	@$(CONFIGURE) -DREPORTEDLY_TESTS=OFF -DREPORTEDLY_BENCH=ON
	@ninja -C $(BUILD) -j $(JOBS)
	@$(PYTHON) tools/bench.py --program $(PROGRAM) --model fast --keep $(BUILD)/articles.jsonl
	@$(PYTHON) tools/bench.py --program $(PROGRAM) --model accurate --documents 24
	@$(PYTHON) tools/bench.py --program $(PROGRAM) --model fast --add $(ADD_DOCUMENTS)
	@head -n 100 $(BUILD)/articles.jsonl >$(BUILD)/base.jsonl
	@REPORTEDLY_DATA=. $(BUILD)/bench_store $(BUILD)/base.jsonl $(STORE_DOCUMENTS) $(BUILD)
	@REPORTEDLY_KILL_DOCUMENTS=$(KILL_DOCUMENTS) $(BUILD)/bench_kill

bench-peers: build
	@tools/install.sh peers
	@$(PYTHON) tools/bench_peers.py --program $(PROGRAM) --peers $(PEERS)

fuzz: packages
	@tools/install.sh fuzz
	@cmake -S . -B $(BUILD)-fuzz -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_CXX_FLAGS_RELWITHDEBINFO="-O1 -gline-tables-only" -DCMAKE_CXX_COMPILER=clang++-14 -DREPORTEDLY_TESTS=OFF -DREPORTEDLY_FUZZ=ON >/dev/null
	@ninja -C $(BUILD)-fuzz -j $(JOBS) fuzz
	@tests/fuzz/run.sh $(BUILD)-fuzz $(SECONDS)

hostile: build
	@$(PYTHON) tools/hostile.py --program $(PROGRAM)

stream: build
	@$(PYTHON) tools/stream.py --program $(PROGRAM) --documents $(DOCUMENTS)

tsan: packages
	@cmake --preset tsan -B $(BUILD)-tsan >/dev/null
	@ninja -C $(BUILD)-tsan -j $(JOBS) reportedly test_corpus test_server
	@tools/tsan.sh $(BUILD)-tsan

mutate: packages
	@$(PYTHON) tools/mutate.py --jobs $(JOBS)

evaluate: build
	@$(PYTHON) tools/evaluate.py --program $(PROGRAM) --corpora $(CORPORA) --model accurate --write docs/accuracy.md
	@$(PYTHON) tools/evaluate.py --program $(PROGRAM) --corpora $(CORPORA) --model fast --write docs/accuracy-fast.md

lint:
	@tools/install.sh lint
	@$(CONFIGURE) -DCMAKE_EXPORT_COMPILE_COMMANDS=ON >/dev/null
	@git ls-files '*.cpp' '*.h' | xargs clang-format --dry-run -Werror
	@git ls-files 'src/*.cpp' 'apps/*.cpp' | xargs clang-tidy -p $(BUILD) --quiet

train:
	@CORPORA=$(CORPORA) training/run.sh

install: build
	@cmake --install $(BUILD)

packages:
	@tools/install.sh

clean:
	rm -rf $(BUILD) $(BUILD)-fuzz $(BUILD).log demo
