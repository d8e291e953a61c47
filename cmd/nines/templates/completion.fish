{{range $c := .}}complete -c nines -n __fish_use_subcommand -f -a {{.Name}} -d {{quote .Help}}
{{range .Flags}}complete -c nines -n '__fish_seen_subcommand_from {{$c.Name}}' -l {{.Name}} -d {{quote .Help}}
{{- if .Values}} -x -a {{join .Values | quote}}{{else if not .Bool}} -r{{end}}
{{end}}{{with .Args}}complete -c nines -n '__fish_seen_subcommand_from {{$c.Name}}' -f -a {{join . | quote}}
{{end}}{{end}}