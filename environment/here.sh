# What the scripts beside this one share; they set $home, the checkout, and read this.
# shellcheck shell=sh disable=SC2034,SC2154

# A user id without a name, as docker -u gives it, may have no HOME. Java would not look at HOME.
if [ -z "${HOME-}" ]; then
  eval "HOME=~$(id -un 2>/dev/null)" || true
  case $HOME in /*) ;; *) HOME=/ ;; esac
fi
export HOME

# In ASCII no file has an umlaut in its name.
case $(locale charmap 2>/dev/null) in
  ANSI_X3.4-1968) export LC_ALL=C.UTF-8 ;;
esac

# One client per core, one native thread per client: more threads are slower and change the bits.
export OMP_NUM_THREADS=1 OMP_WAIT_POLICY=passive OPENBLAS_NUM_THREADS=1

# The Jupyter that environment/setup makes where the machine offers none.
own_jupyter=${XDG_CACHE_HOME:-$HOME/.cache}/fedlayers/jupyter

class_path=
# Spark's jars come along only where they are asked for; without them Java says what to do.
built=$home/target/cluster/spark-path.txt
[ -n "${spark-}" ] && [ -f "$built" ] || built=$home/target/class-path.txt
[ ! -f "$built" ] || class_path=${built%/*}/classes:$(cat "$built")
