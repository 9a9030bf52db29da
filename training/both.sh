#!/bin/sh
# Trains both models on a GPU in ten minutes: two MPNet teachers that differ in their seeds, then `accurate` (MPNet) and `fast` (MiniLM), which
# learn from the labels and from both teachers. Pairs run side by side: one alone does not fill a large GPU.
# usage: training/both.sh PACKED MPNET_DIR MINILM_DIR WORK_DIR       the encoders' folders as train.py reads them
# MINUTES (of a teacher), STUDENT_MINUTES, WORKERS (processes of each training) may be set.
set -eu
packed=$1 mpnet=$2 minilm=$3 work=$4
here=$(dirname "$0")
python=${PYTHON:-python3}
export TOKENIZERS_PARALLELISM=false
mkdir -p "$work"
train() { out=$1; shift; "$python" "$here/train.py" --packed "$packed" --out "$work/$out" --workers "${WORKERS:-6}" --evaluate-every 2 --save-every 100000 --wordpieces 1e9 "$@" >"$work/$out.log" 2>&1; }

labels=polnear=.36,ewt=.18,gum=.09,gap=.03,crossner=.02,passages=.32
all=polnear=.32,ewt=.16,gum=.08,gap=.03,crossner=.02,passages=.27,plain=.12
mpnet_way="--encoder $mpnet --size mpnet --word-bits 4 --batch 8000 --encoder-rate 1e-4 --warmup 200"
for seed in 1 2; do
    train teacher$seed $mpnet_way --seed $seed --shares $labels --minutes "${MINUTES:-2.6}" &
done
wait
teachers="--teacher $work/teacher1/checkpoint.pt --teacher $work/teacher2/checkpoint.pt --shares $all --minutes ${STUDENT_MINUTES:-7.1}"
train accurate $mpnet_way --seed 3 $teachers &
train fast --encoder "$minilm" --size minilm --batch 10000 --encoder-rate 3e-4 --head-rate 1.5e-3 --warmup 300 --seed 4 --dropout .05 $teachers &
wait
