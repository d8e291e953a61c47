#compdef nines
_nines() {
  local -a commands
  commands=(
{{range .}}    {{printf "%s:%s" .Name .Help | quote}}
{{end}}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case $words[2] in
{{range .}}  {{.Name}}) _arguments{{range .Flags}} \
    {{option . | quote}}{{end}} \
    {{if .Args}}'1:value:({{join .Args}})'{{else}}'*:file:_files'{{end}} ;;
{{end}}  esac
}
compdef _nines nines
