_nines() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "{{range $i, $c := .}}{{if $i}} {{end}}{{.Name}}{{end}}" -- "$cur"))
    return
  fi
  case ${COMP_WORDS[1]}:$prev in
{{range $c := .}}{{range .Flags}}{{if .Values}}  {{$c.Name}}:--{{.Name}}{{with .Short}}|{{$c.Name}}:-{{.}}{{end}}) COMPREPLY=($(compgen -W "{{join .Values}}" -- "$cur")); return ;;
{{end}}{{end}}{{end}}  esac
  case ${COMP_WORDS[1]} in
{{range .}}  {{.Name}}) COMPREPLY=($(compgen -W "{{range $i, $f := .Flags}}{{if $i}} {{end}}--{{.Name}}{{end}}{{with .Args}} {{join .}}{{end}}" -- "$cur")) ;;
{{end}}  esac
}
complete -o default -F _nines nines
