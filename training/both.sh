#!/bin/sh
# Trains both models on a GPU in minutes: two MPNet teachers that differ in their seeds, then `accurate` (MPNet) and `fast` (MiniLM), which
# learn from the labels and from both teachers. Pairs run side by side: one alone does not fill a large GPU.
# usage: training/both.sh PACKED MPNET_DIR MINILM_DIR WORK_DIR       the encoders' folders as train.py reads them
# TEACHER_WORDPIECES, ACCURATE_WORDPIECES, FAST_WORDPIECES, MINUTES (of a teacher), STUDENT_MINUTES, WORKERS may be set.
set -eu
packed=$1 mpnet=$2 minilm=$3 work=$4
here=$(dirname "$0")
python=${PYTHON:-python3}
export TOKENIZERS_PARALLELISM=false
mkdir -p "$work"
train() { out=$1; shift; "$python" "$here/train.py" --packed "$packed" --out "$work/$out" --workers "${WORKERS:-6}" --evaluate-every .25 --save-every 100000 "$@" >"$work/$out.log" 2>&1; }

for seed in 1 2; do
    train teacher$seed --encoder "$mpnet" --size mpnet --word-bits 4 --batch 6000 --encoder-rate 1e-4 --warmup 200 --seed $seed \
        --wordpieces "${TEACHER_WORDPIECES:-12e6}" --minutes "${MINUTES:-1e9}" &
done
wait
train accurate --encoder "$mpnet" --size mpnet --word-bits 4 --batch 6000 --encoder-rate 1e-4 --warmup 200 --seed 3 \
    --teacher "$work/teacher1/checkpoint.pt" --teacher "$work/teacher2/checkpoint.pt" \
    --wordpieces "${ACCURATE_WORDPIECES:-20e6}" --minutes "${STUDENT_MINUTES:-1e9}" &
train fast --encoder "$minilm" --size minilm --batch 8000 --encoder-rate 3e-4 --head-rate 1.5e-3 --warmup 300 --seed 4 --dropout .05 \
    --teacher "$work/teacher1/checkpoint.pt" --teacher "$work/teacher2/checkpoint.pt" \
    --wordpieces "${FAST_WORDPIECES:-30e6}" --minutes "${STUDENT_MINUTES:-1e9}" &
wait
