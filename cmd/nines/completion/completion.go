// Package completion writes scripts by which shells complete a command line.
package completion

import (
	"embed"
	"io"
	"strings"
	"text/template"
)

//go:embed scripts
var scripts embed.FS

// Write writes the script of a shell, bash, zsh or fish, for a command line.
func Write(w io.Writer, shell string, commands []Command) error {
	t, err := template.New("").Funcs(template.FuncMap{
		"join":   func(texts []string) string { return strings.Join(texts, " ") },
		"option": zshOption,
		"quote":  shellQuote,
	}).ParseFS(scripts, "scripts/*")
	if err != nil {
		return err
	}
	return t.ExecuteTemplate(w, shell+".tmpl", commands)
}

// Command is what a shell has to know of one.
type Command struct {
	Name, Help string
	Flags      []Flag
	Args       []string // fixed values of its argument; else files
}

// Flag is what a shell has to know of a flag.
type Flag struct {
	Name, Help string
	Short      string   // "o" of -o, "" if there is none
	Values     []string // fixed values; else anything
	Place      string   // what stands in the value's place in help texts
	Bool       bool
}

// zshOption describes a flag as zsh's _arguments reads it.
func zshOption(f Flag) string {
	help := strings.NewReplacer("[", "(", "]", ")", ":", ",").Replace(f.Help)
	option := "--" + f.Name + "[" + help + "]"
	switch {
	case len(f.Values) > 0:
		option += ":value:(" + strings.Join(f.Values, " ") + ")"
	case !f.Bool:
		option += ":value:_files"
	}
	return option
}

func shellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
