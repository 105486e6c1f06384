# local-env.sh - ". /root/local-env.sh" makes what is under /usr/local usable; doing it twice changes nothing
# shellcheck shell=sh
case ":${PATH:-}:" in
*:/usr/local/bin:*) ;;
*) export PATH="/usr/local/bin${PATH:+:$PATH}" ;;
esac
case ":${LD_LIBRARY_PATH:-}:" in
*:/usr/local/lib:*) ;;
*) export LD_LIBRARY_PATH="/usr/local/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" ;;
esac
