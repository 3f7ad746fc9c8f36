#!/usr/bin/env bash
# The programs that the tests use beside Python: LibreOffice, Chromium, PostgreSQL, Dovecot, pandoc, fonts.
# Root gets what is missing through apt; anybody else is told exactly what to install.
set -euo pipefail

declare -A packages=(
  [soffice]="libreoffice-writer"
  [pdftoppm]="poppler-utils"
  [chromium]="chromium"
  [pandoc]="pandoc"
  [fc-list]="fontconfig"
)
missing=()
for program in "${!packages[@]}"; do
  command -v "$program" >/dev/null || missing+=("${packages[$program]}")
done
[[ -x /usr/sbin/dovecot ]] || missing+=(dovecot-imapd)
compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || missing+=(postgresql postgresql-contrib)

if ((${#missing[@]})); then
  if [[ $(id -u) -ne 0 ]] || ! command -v apt-get >/dev/null; then
    echo "缺少检查所需的程序，请先安装：" >&2
    echo "    sudo apt-get install --no-install-recommends ${missing[*]}" >&2
    [[ ${CI:-} == true ]] && exit 1
    echo "（缺少的程序所对应的检查将被跳过，并写明原因）" >&2
  else
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  fi
fi
"$(dirname "$0")/install-fonts.sh"
