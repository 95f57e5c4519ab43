#!/usr/bin/env python3
"""Quantizes a GGUF file to Q4_0 with llama.cpp's own quantizer: quantize_gguf.py IN OUT"""

import os
import sys

import llama_cpp

parameters = llama_cpp.llama_model_quantize_default_params()
parameters.ftype, parameters.nthread = llama_cpp.LLAMA_FTYPE_MOSTLY_Q4_0, os.cpu_count()
sys.exit(llama_cpp.llama_model_quantize(*(word.encode() for word in sys.argv[1:3]), parameters))
