#!/bin/sh
# Trains both models on a GPU in twelve minutes: two MPNet teachers that differ in their seeds, then `accurate` (MPNet), which goes on from the
# first of them, and `fast` (MiniLM-L6), which goes on from the file that was there. Both learn from the labels and from both teachers. Pairs run
# side by side: one alone does not fill a large GPU.
# usage: training/both.sh PACKED MPNET_DIR MINILM_DIR WORK_DIR [teachers|students]      the encoders' folders as train.py reads them
# FAST (the model file that `fast` goes on from; without it MINILM_DIR's encoder), MINUTES (of a teacher), STUDENT_MINUTES, WORKERS (processes of
# each training) may be set. The two halves can be run one after the other where the time of a command is short.
set -eu
packed=$1 mpnet=$2 minilm=$3 work=$4 part=${5:-both}
here=$(dirname "$0")
python=${PYTHON:-python3}
export TOKENIZERS_PARALLELISM=false
mkdir -p "$work"
train() { out=$1; shift; "$python" "$here/train.py" --packed "$packed" --out "$work/$out" --workers "${WORKERS:-6}" --save-every 100000 --wordpieces 1e9 "$@" >"$work/$out.log" 2>&1; }

labels=polnear=.34,ewt=.16,gum=.08,gap=.02,crossner=.02,passages=.38
all=polnear=.30,ewt=.14,gum=.06,gap=.02,crossner=.02,passages=.34,plain=.12
mpnet_way="--encoder $mpnet --size mpnet --word-bits 4 --batch 8000 --encoder-rate 1e-4 --warmup 200"
if [ "$part" != students ]; then
    for seed in 1 2; do
        train teacher$seed $mpnet_way --seed $seed --shares $labels --minutes "${MINUTES:-2.8}" & all_started="${all_started:-} $!"
    done
    for started in $all_started; do wait "$started"; done      # a training that fails ends all
fi
[ "$part" = teachers ] && exit
teachers="--teacher $work/teacher1/checkpoint.pt --teacher $work/teacher2/checkpoint.pt --shares $all --minutes ${STUDENT_MINUTES:-8}"
train accurate $mpnet_way --init "$work/teacher1/checkpoint.pt" --seed 3 $teachers & first=$!
train fast --encoder "$minilm" ${FAST:+--init "$FAST"} --size minilm --batch 10000 --encoder-rate 3e-4 --head-rate 1.5e-3 --warmup 300 --seed 4 --dropout .05 $teachers & second=$!
wait $first && wait $second
