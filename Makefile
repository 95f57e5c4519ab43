# The front doors. Everything they need is installed by them: on Debian 12 `make demo` and `make test`
# work from a clean clone, as root or with the system packages there.
#
#   make          build/bin/ovbake and build/bin/bake_model
#   make demo     make the sample model, bake it, print its text
#   make test     every test: unit tests in release and under ASan+UBSan, end-to-end tests
#   make quick    the inner loop, under 3 minutes once it is built: layers, unit tests in release, the sample
#   make soak     the same for hours: fuzzing, a thousand kills, every fault of every call, ThreadSanitizer
#   make bench    measure ovbake beside a plain copy and every peer that is installed
#   make parity   compare the result with NNCF's and optimum's, byte for byte, then record NNCF's digests
#                 again from it (hours)
#   make record   record again what else tests expect of the peers
#   make peers    the environment that parity and bench compare with (4.6 GB)
#   make format, make lint

PYTHON ?= python3
VENV ?= .venv
PEERS ?= .peers
MODELS ?= models
JOBS := $(shell nproc)

SAMPLE := $(MODELS)/SmolLM2-135M-Instruct
BAKED := $(SAMPLE)-int4-ov
OVBAKE := build/bin/ovbake
IN_VENV := $(VENV)/bin/python

SYSTEM_STAMP := build/.system-packages
VENV_STAMP := $(VENV)/.installed
CPP_FILES = $(shell git ls-files '*.cpp' '*.hpp')
PYTHON_FILES = $(shell git ls-files '*.py')

.DELETE_ON_ERROR:
.PHONY: all demo test quick unit-tests sanitized-tests end-to-end-tests format-check soak bench parity record \
        peers format lint clean FORCE

all: $(OVBAKE)

# ---- what the build needs -----------------------------------------------------------------------

$(SYSTEM_STAMP): tools/install_system_packages
	tools/install_system_packages
	@mkdir -p $(@D) && touch $@

$(VENV_STAMP): tools/requirements.txt tools/requirements-sample.txt | $(SYSTEM_STAMP)
	test -x $(IN_VENV) || $(PYTHON) -m venv $(VENV)
	$(IN_VENV) -m pip install --quiet --disable-pip-version-check -r tools/requirements.txt
	$(IN_VENV) -m pip install --quiet --disable-pip-version-check --no-deps -r tools/requirements-sample.txt
	@touch $@

# ---- build --------------------------------------------------------------------------------------

OPENVINO_DIR = $(firstword $(wildcard $(abspath $(VENV))/lib/python3.*/site-packages/openvino/cmake))

build/build.ninja: CMakePresets.json $(VENV_STAMP)
	cmake --preset release -DOpenVINO_DIR=$(OPENVINO_DIR)

build/lint/build.ninja: CMakePresets.json $(VENV_STAMP)
	cmake --preset lint -DOpenVINO_DIR=$(OPENVINO_DIR)

build/dev/build.ninja: CMakePresets.json $(VENV_STAMP)
	cmake --preset dev -DOpenVINO_DIR=$(OPENVINO_DIR)

build/tsan/build.ninja: CMakePresets.json $(VENV_STAMP)
	cmake --preset tsan -DOpenVINO_DIR=$(OPENVINO_DIR)

build/fuzz/build.ninja: CMakePresets.json $(VENV_STAMP)
	cmake --preset fuzz -DOpenVINO_DIR=$(OPENVINO_DIR)

$(OVBAKE): build/build.ninja FORCE
	cmake --build build --target ovbake

# ---- the sample ---------------------------------------------------------------------------------

$(SAMPLE): tools/make_sample_model.py tools/safetensors_writer.py | $(VENV_STAMP)
	rm -rf $@ $@.part && mkdir -p $(@D)
	$(IN_VENV) tools/make_sample_model.py $@.part
	mv $@.part $@ && touch $@

demo: $(OVBAKE) $(SAMPLE)
	$(OVBAKE) bake --model_id $(SAMPLE) --output_dir $(BAKED) --overwrite
	$(OVBAKE) run $(BAKED) --prompt "The capital of France is" --max_new_tokens 32

# ---- tests --------------------------------------------------------------------------------------

test: format-check unit-tests sanitized-tests end-to-end-tests

unit-tests: build/build.ninja
	cmake --build build
	ctest --preset release -j $(JOBS)

sanitized-tests: build/dev/build.ninja
	cmake --build build/dev
	ctest --preset dev -j $(JOBS)

end-to-end-tests: $(OVBAKE) $(SAMPLE)
	cmake --build build --target nncf_grid fault_shim
	$(IN_VENV) -m pytest tests/python -n $(JOBS) --dist loadfile --ovbake $(OVBAKE) --sample $(SAMPLE)

QUICK_TESTS = $(addprefix tests/python/test_,layout.py logits.py generation.py verify.py refusals.py)

quick: unit-tests $(SAMPLE)
	$(IN_VENV) -m pytest $(QUICK_TESTS) -n $(JOBS) --dist loadfile --ovbake $(OVBAKE) --sample $(SAMPLE)

# FUZZ_SECONDS is for each parser.
FUZZ_SECONDS ?= 3600
KILLS ?= 1000

soak: $(OVBAKE) $(SAMPLE) build/tsan/build.ninja build/fuzz/build.ninja
	cmake --build build/fuzz --target fuzz_targets
	tools/fuzz build/fuzz/bin $(FUZZ_SECONDS)
	cmake --build build/tsan
	ctest --preset tsan -j $(JOBS)
	$(IN_VENV) -m pytest tests/python/test_publish.py tests/python/test_faults_below.py --kills $(KILLS) --faults 0 \
	  --ovbake $(OVBAKE) --sample $(SAMPLE)

# ---- measured against others --------------------------------------------------------------------

bench: $(OVBAKE) $(SAMPLE)
	cmake --build build --target ovbake_bench
	$(IN_VENV) bench/formats.py build/bin/ovbake_bench
	$(IN_VENV) bench/compare.py --ovbake $(OVBAKE) --peers $(PEERS) --scratch $(MODELS) $(BENCH_OPTIONS)
	$(IN_VENV) bench/stream.py --ovbake $(OVBAKE) --scratch $(MODELS)
	$(IN_VENV) bench/generate_families.py --ovbake $(OVBAKE) --peers $(PEERS)
	$(IN_VENV) bench/compare_tokenizers.py --ovbake $(OVBAKE) --peers $(PEERS) --sample $(SAMPLE)

parity: $(OVBAKE) $(SAMPLE)
	@test -x $(PEERS)/bin/python || { echo "Run make peers first, or name the environment: make parity PEERS=FOLDER" >&2; exit 1; }
	$(PEERS)/bin/python tools/parity.py --ovbake $(OVBAKE) --sample $(SAMPLE)
	$(PEERS)/bin/python tests/record/nncf_formats.py tests/data/nncf.json
	$(PEERS)/bin/python tests/record/nncf_sample.py $(SAMPLE)
	$(PEERS)/bin/python tests/record/awq.py tests/data/awq.json
	$(PEERS)/bin/python tests/record/experts.py tests/data/experts.json
	$(PEERS)/bin/python tests/record/nonfinite.py tests/python/data/nonfinite.json

record: $(SAMPLE)
	$(PEERS)/bin/python tests/record/families.py
	$(PEERS)/bin/python tests/record/published_families.py
	$(PEERS)/bin/python tests/record/rope.py
	$(PEERS)/bin/python tests/record/chat_templates.py $(SAMPLE)
	$(PEERS)/bin/python tests/record/logits.py
	$(PEERS)/bin/python tests/record/default_keys.py
	$(PEERS)/bin/python tests/record/default_values.py
	rm -f tests/data/exported_families.json
	$(PEERS)/bin/python tests/record/exported_families.py
	PYTHONPATH=$(PEERS)/transformers-5.0 $(PEERS)/bin/python tests/record/exported_families.py
	PYTHONPATH=$(PEERS)/transformers-4.57 $(PEERS)/bin/python tests/record/exported_families.py

# optimum-intel exports some families with older transformers alone.
OLDER = $(PEERS)/bin/python -m pip install --disable-pip-version-check --upgrade --no-deps --target $(PEERS)

peers:
	test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --disable-pip-version-check -r tools/requirements-peers.txt
	$(OLDER)/transformers-5.0 transformers==5.0.0
	$(OLDER)/transformers-4.57 transformers==4.57.6 huggingface_hub==0.36.0

# ---- style --------------------------------------------------------------------------------------

format-check: | $(VENV_STAMP)
	clang-format --dry-run --Werror $(CPP_FILES)
	$(IN_VENV) -m pyflakes $(PYTHON_FILES)

format: | $(SYSTEM_STAMP)
	clang-format -i $(CPP_FILES)

lint: build/lint/build.ninja
	run-clang-tidy -quiet -p build/lint '^$(CURDIR)/(src|cli)/.*(?<!_test)\.cpp$$'

clean:
	rm -rf build
