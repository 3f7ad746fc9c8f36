#!/bin/sh
# Installs the Chinese fonts that the printed issue needs where the bought ones are missing, and
# tells fontconfig which of them stands in for 仿宋, 楷体, 宋体, 黑体 and 小标宋.
#
#     scripts/install-fonts.sh            as root: for everybody; else: for this user
#     scripts/install-fonts.sh FILE.deb   the same without network, from a downloaded package
#
# Why Fandol: no font package of Debian has a complete 仿宋 (cwTeX lacks a third of GB2312); the
# Fandol family has all four faces under the GPL with font exception. It lives inside
# texlive-lang-chinese, which is unpacked for its fonts only, so that no TeX comes with it.
# Running it again changes nothing.
set -eu

package=texlive-lang-chinese
faces="FandolFang-Regular FandolKai-Regular FandolSong-Regular FandolSong-Bold FandolHei-Regular FandolHei-Bold"

if [ "$(id -u)" -eq 0 ]; then
    fonts=/usr/local/share/fonts/fandol
    config=/etc/fonts/conf.d/61-bulletin-chinese.conf
else
    fonts="${XDG_DATA_HOME:-$HOME/.local/share}/fonts/fandol"
    config="${XDG_CONFIG_HOME:-$HOME/.config}/fontconfig/conf.d/61-bulletin-chinese.conf"
fi

fail() {
    echo "install-fonts: $1" >&2
    echo "  办法一：联网后以 root 运行 scripts/install-fonts.sh" >&2
    echo "  办法二：在能联网的 Debian/UOS 机器上运行 apt-get download $package，" >&2
    echo "          把下载的 .deb 拷过来，再运行 scripts/install-fonts.sh 该文件.deb" >&2
    echo "  办法三：把单位已购的 仿宋、楷体、宋体、黑体、方正小标宋简体 放进 $fonts 后运行 fc-cache" >&2
    exit 1
}

missing=""
for face in $faces; do
    [ -s "$fonts/$face.otf" ] || missing="$missing $face"
done

if [ -n "$missing" ]; then
    command -v dpkg >/dev/null || fail "没有 dpkg，无法解开软件包"
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    if [ $# -gt 0 ]; then
        [ -s "$1" ] || fail "找不到文件 $1"
        deb=$1
    else
        command -v apt-get >/dev/null || fail "没有 apt-get，无法下载 $package"
        (cd "$work" && apt-get download -qq "$package") >/dev/null 2>&1 ||
            { [ "$(id -u)" -eq 0 ] && apt-get update -qq >/dev/null 2>&1 &&
              (cd "$work" && apt-get download -qq "$package") >/dev/null 2>&1; } ||
            fail "下载 $package 失败（没有网络，或软件源里没有它）"
        deb=$(ls "$work"/*.deb)
    fi
    dpkg -x "$deb" "$work/unpacked" || fail "$deb 解不开"
    mkdir -p "$fonts"
    for face in $faces; do
        found=$(find "$work/unpacked" -name "$face.otf" | head -n 1)
        [ -n "$found" ] || fail "$deb 里没有 $face.otf"
        install -m 644 "$found" "$fonts/$face.otf"
    done
fi

# A rule binds only where the named font itself is absent: an installed 仿宋 comes before what is
# appended after it. FandolSong-Bold says that it is regular; unless its weight and family are put
# right when fonts are scanned, LibreOffice takes it for 宋体 and sets the page numbers bold.
alias_rule() {
    target=$1
    shift
    for name in "$@"; do
        printf '  <match target="pattern"><test name="family" qual="any" compare="eq"><string>%s</string></test>' "$name"
        printf '<edit name="family" mode="append" binding="same"><string>%s</string></edit></match>\n' "$target"
    done
}

mkdir -p "$(dirname "$config")"
{
    cat <<'HEAD'
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <description>Stand-ins for the fonts of Chinese official documents</description>
  <match target="scan">
    <test name="file" compare="contains"><string>FandolSong-Bold</string></test>
    <edit name="family" mode="assign"><string>FandolBiaosong</string></edit>
    <edit name="style" mode="assign"><string>Bold</string></edit>
    <edit name="weight" mode="assign"><const>bold</const></edit>
    <edit name="fullname" mode="assign"><string>FandolBiaosong</string></edit>
  </match>
HEAD
    [ "$(id -u)" -eq 0 ] || printf '  <dir>%s</dir>\n' "$fonts"
    alias_rule FandolFang 仿宋 仿宋_GB2312 FangSong FangSong_GB2312 方正仿宋_GBK 方正仿宋简体 华文仿宋 STFangsong
    alias_rule FandolKai 楷体 楷体_GB2312 KaiTi KaiTi_GB2312 方正楷体_GBK 方正楷体简体 华文楷体 STKaiti
    alias_rule FandolSong 宋体 SimSun NSimSun 新宋体 方正书宋_GBK 方正书宋简体 华文宋体 STSong
    alias_rule FandolHei 黑体 SimHei 方正黑体_GBK 方正黑体简体 华文黑体 STHeiti
    alias_rule FandolBiaosong 方正小标宋简体 方正小标宋_GBK FZXiaoBiaoSong-B05 FZXiaoBiaoSong-B05S 小标宋 华文中宋 STZhongsong
    echo "</fontconfig>"
} >"$config.new"
if cmp -s "$config.new" "$config" 2>/dev/null; then
    rm -f "$config.new"
else
    mv "$config.new" "$config"
fi

if command -v fc-cache >/dev/null; then
    fc-cache -f >/dev/null 2>&1 || true
    for name in 仿宋 楷体 宋体 黑体 方正小标宋简体; do
        echo "$name -> $(fc-match -f '%{family[0]}' "$name")"
    done
else
    echo "字体已放好；本机没有 fontconfig，无法替代字体名" >&2
fi
