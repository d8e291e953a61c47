package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// completionCmd prints a completion script, made from the command line's own model.
type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Run executes the command.
func (c completionCmd) Run(a *app, k *kong.Kong) error {
	commands := describe(k.Model)
	switch c.Shell {
	case "zsh":
		return zshCompletion(a.stdout, commands)
	case "fish":
		return fishCompletion(a.stdout, commands)
	}
	return bashCompletion(a.stdout, commands)
}

// command is what a shell has to know of one.
type command struct {
	name, help string
	flags      []flag
	args       []string // fixed values of its argument; else files
}

type flag struct {
	name, help string
	short      string   // "o" of -o, "" if there is none
	values     []string // fixed values; else anything
	isBool     bool
}

func describe(model *kong.Application) []command {
	var out []command
	for _, node := range model.Children {
		c := command{name: node.Name, help: node.Help}
		for _, p := range node.Positional {
			c.args = values(p)
		}
		for _, f := range append(slices.Clone(node.Flags), model.Flags...) {
			c.flags = append(c.flags, flag{name: f.Name, help: f.Help, short: short(f), values: values(f.Value), isBool: f.IsBool()})
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

func names(cs []command) string {
	var out []string
	for _, c := range cs {
		out = append(out, c.name)
	}
	return strings.Join(out, " ")
}

func bashCompletion(w io.Writer, cs []command) error {
	var b strings.Builder
	b.WriteString("_nines() {\n  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n  COMPREPLY=()\n")
	fmt.Fprintf(&b, "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    COMPREPLY=($(compgen -W %q -- \"$cur\"))\n    return\n  fi\n", names(cs))
	b.WriteString("  case ${COMP_WORDS[1]}:$prev in\n")
	for _, c := range cs {
		for _, f := range c.flags {
			if len(f.values) > 0 {
				pattern := c.name + ":--" + f.name
				if f.short != "" {
					pattern += "|" + c.name + ":-" + f.short
				}
				fmt.Fprintf(&b, "  %s) COMPREPLY=($(compgen -W %q -- \"$cur\")); return ;;\n", pattern, strings.Join(f.values, " "))
			}
		}
	}
	b.WriteString("  esac\n  case ${COMP_WORDS[1]} in\n")
	for _, c := range cs {
		var words []string
		for _, f := range c.flags {
			words = append(words, "--"+f.name)
		}
		words = append(words, c.args...)
		fmt.Fprintf(&b, "  %s) COMPREPLY=($(compgen -W %q -- \"$cur\")) ;;\n", c.name, strings.Join(words, " "))
	}
	b.WriteString("  esac\n}\ncomplete -o default -F _nines nines\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func zshCompletion(w io.Writer, cs []command) error {
	var b strings.Builder
	b.WriteString("#compdef nines\n_nines() {\n  local -a commands\n  commands=(\n")
	for _, c := range cs {
		fmt.Fprintf(&b, "    %s\n", shellQuote(c.name+":"+c.help))
	}
	b.WriteString("  )\n  if (( CURRENT == 2 )); then\n    _describe command commands\n    return\n  fi\n  case $words[2] in\n")
	for _, c := range cs {
		fmt.Fprintf(&b, "  %s) _arguments", c.name)
		for _, f := range c.flags {
			spec := "--" + f.name + "[" + strings.NewReplacer("[", "(", "]", ")", ":", ",").Replace(f.help) + "]"
			switch {
			case len(f.values) > 0:
				spec += ":value:(" + strings.Join(f.values, " ") + ")"
			case !f.isBool:
				spec += ":value:_files"
			}
			fmt.Fprintf(&b, " \\\n    %s", shellQuote(spec))
		}
		if len(c.args) > 0 {
			fmt.Fprintf(&b, " \\\n    '1:value:(%s)' ;;\n", strings.Join(c.args, " "))
			continue
		}
		b.WriteString(" \\\n    '*:file:_files' ;;\n")
	}
	b.WriteString("  esac\n}\ncompdef _nines nines\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func fishCompletion(w io.Writer, cs []command) error {
	var b strings.Builder
	for _, c := range cs {
		fmt.Fprintf(&b, "complete -c nines -n __fish_use_subcommand -f -a %s -d %s\n", c.name, shellQuote(c.help))
		for _, f := range c.flags {
			fmt.Fprintf(&b, "complete -c nines -n '__fish_seen_subcommand_from %s' -l %s -d %s", c.name, f.name, shellQuote(f.help))
			switch {
			case len(f.values) > 0:
				fmt.Fprintf(&b, " -x -a %s", shellQuote(strings.Join(f.values, " ")))
			case !f.isBool:
				b.WriteString(" -r")
			}
			b.WriteString("\n")
		}
		if len(c.args) > 0 {
			fmt.Fprintf(&b, "complete -c nines -n '__fish_seen_subcommand_from %s' -f -a %s\n", c.name, shellQuote(strings.Join(c.args, " ")))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func shellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
