package main

import (
	"slices"
	"strings"
	"text/template"

	"github.com/alecthomas/kong"
)

// completionCmd prints a completion script, made from the command line's own model.
type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Run executes the command.
func (c completionCmd) Run(a *app, k *kong.Kong) error {
	t, err := template.New("").Funcs(template.FuncMap{
		"join":   func(texts []string) string { return strings.Join(texts, " ") },
		"option": zshOption,
		"quote":  shellQuote,
	}).ParseFS(templates, "templates/completion.*")
	if err != nil {
		return err
	}
	return t.ExecuteTemplate(a.stdout, "completion."+c.Shell, describe(k.Model))
}

// command is what a shell has to know of one.
type command struct {
	Name, Help string
	Flags      []flag
	Args       []string // fixed values of its argument; else files
}

// flag is what a shell has to know of a flag.
type flag struct {
	Name, Help string
	Short      string   // "o" of -o, "" if there is none
	Values     []string // fixed values; else anything
	Bool       bool
}

func describe(model *kong.Application) []command {
	var out []command
	for _, node := range model.Children {
		c := command{Name: node.Name, Help: node.Help}
		for _, p := range node.Positional {
			c.Args = values(p)
		}
		for _, f := range append(slices.Clone(node.Flags), model.Flags...) {
			one := flag{Name: f.Name, Help: f.Help, Short: short(f), Values: values(f.Value), Bool: f.IsBool()}
			c.Flags = append(c.Flags, one)
		}
		out = append(out, c)
	}
	return out
}

func short(f *kong.Flag) string {
	if f.Short == 0 {
		return ""
	}
	return string(f.Short)
}

// values returns the fixed values of an enum, without the empty one.
func values(v *kong.Value) []string {
	return slices.DeleteFunc(slices.Clone(v.EnumSlice()), func(s string) bool { return s == "" })
}

// zshOption describes a flag as zsh's _arguments reads it.
func zshOption(f flag) string {
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
