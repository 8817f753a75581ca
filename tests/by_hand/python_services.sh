#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# celery with each kind of pool, and a notebook that a packed ipykernel executes: packed and
# installed say the same. Not among the tests, because it needs large packages:
#   apt-get install python3-celery python3-ipykernel python3-nbclient python3-nbformat
#   XAR_BIN=$PWD/build/release/bin tests/by_hand/python_services.sh
. "$(dirname "$0")/../e2e/lib.sh"
needs_fuse

python=/usr/bin/python3
packages=/usr/lib/python3/dist-packages
for module in celery ipykernel nbclient nbformat; do
  [ -d $packages/$module ] || skip "no python3-$module"
done
cd "$WORK"
pack() { # pack NAME ENTRY-POINT FOLDER...
  name=$1 entry=$2
  shift 2
  xarbuild python "$@" -o "$name.xar" -e "$entry" --python $python --mount-root "$ROOT" --xar-exec "$XAR_BIN/xarexec_fuse" --fast -q
}

# Tasks come and go through folders, so that nothing else has to run.
cat >tasks.py <<'PY'
import celery, os
app = celery.Celery("tasks")
app.conf.update(broker_url="filesystem://", result_backend="file://" + os.environ["RESULTS"], broker_transport_options={
    "data_folder_in": os.environ["QUEUE"], "data_folder_out": os.environ["QUEUE"], "store_processed": False})

@app.task
def double(x):
    import celery.contrib.migrate as late
    return [x * 2, late.__name__, os.getpid() != os.getppid()]
PY
cat >ask.py <<'PY'
import sys, tasks
print([tasks.double.delay(x).get(timeout=60) for x in range(4)])
PY
mkdir bin
printf '#!%s\nfrom celery.__main__ import main\nmain()\n' $python >bin/celery
chmod +x bin/celery
pack celery celery.__main__:main $packages
celery_says() { # celery_says KIND POOL COMMAND...
  kind=$1 pool=$2
  shift 2
  QUEUE=$WORK/$kind-$pool-queue RESULTS=$WORK/$kind-$pool-results
  export QUEUE RESULTS
  mkdir "$QUEUE" "$RESULTS"
  setsid "$@" -A tasks worker --pool "$pool" --concurrency 2 -l warning >"$kind.log" 2>&1 </dev/null &
  worker=$!
  timeout 30 $python ask.py 2>ask.log || fail "celery, $kind, $pool: $(tail -n 12 "$kind.log")"
  kill $worker
  wait $worker || true
}
for pool in prefork threads solo; do
  installed=$(celery_says installed $pool bin/celery)
  packed=$(celery_says packed $pool ./celery.xar)
  same "celery, $pool" "$installed" "$packed"
  echo "celery, $pool: $packed"
done

# The kernel's specification names the archive, which stays.
pack kernel ipykernel_launcher $packages
mkdir -p share/jupyter/kernels/packed
printf '{"argv": ["%s", "-f", "{connection_file}"], "display_name": "Packed", "language": "python"}\n' "$WORK/kernel.xar" \
  >share/jupyter/kernels/packed/kernel.json
cat >execute.py <<'PY'
import nbclient, nbformat, sys
cells = ["import sys, os; print(os.path.basename(sys.executable), 'ipykernel' in sys.modules)",
         "import multiprocessing\ndef square(x): return x * x\nwith multiprocessing.get_context('fork').Pool(2) as pool: print(pool.map(square, [1, 2, 3]))",
         "!echo from the shell", "%%timeit -n1 -r1 -q -o\npass", "import asyncio; await asyncio.sleep(0); print('awaited')",
         "from subprocess import run; print(run([sys.executable, '-c', 'import IPython; print(1)'], capture_output=True, text=True))".replace("CompletedProcess", ""),
         "1 / 0"]
notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
nbclient.NotebookClient(notebook, kernel_name=sys.argv[1], allow_errors=True, timeout=60).execute()
for cell in notebook.cells:
    for output in cell.outputs:
        print(output.get("text") or output.get("ename") or output.get("data"))
PY
JUPYTER_PATH=$WORK/share/jupyter
export JUPYTER_PATH
$python -m ipykernel install --prefix "$WORK" --name installed >/dev/null 2>&1
for kernel in installed packed; do
  $python execute.py $kernel 2>&1 | sed -E -e "s,'[^']*python3','python3',g;s,[0-9.]+ .s ,TIME ,g" >$kernel.out || fail "$kernel: $(cat $kernel.out)"
done
cat packed.out
cmp -s installed.out packed.out || fail "ipykernel: $(diff installed.out packed.out)"
