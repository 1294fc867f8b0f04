#!/bin/sh
# Resolve pyproject.toml afresh and write down exactly what came out.
set -eu
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
freeze() { # environment, extras, file, first line
    "$python" -m venv "$folder/$1"
    "$folder/$1/bin/pip" install --quiet --upgrade pip
    "$folder/$1/bin/pip" install --quiet $5 --editable ".$2"
    { echo "# $4 \`make lock\` writes this file."; "$folder/$1/bin/pip" freeze --exclude-editable | sed "s|^\(torch==[^+]*\)+.*|\1|"; } > "requirements/$3"
}
freeze all '[local,gpu,dev]' constraints.txt 'Exact versions of all that the virtual environment holds; pip reads them as constraints.' ''
freeze base '' lambda.txt 'What the DependenciesLayer carries: the base dependencies of pyproject.toml, exact.' '--constraint requirements/constraints.txt'
