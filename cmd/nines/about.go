package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"

	"github.com/alecthomas/kong"

	"github.com/nines-slo/nines/cmd/nines/completion"
	"github.com/nines-slo/nines/slo/spec/schema"
)

// These commands tell about the program itself.

// schemaCmd prints the JSON Schema.
type schemaCmd struct{}

// Run executes the command.
func (schemaCmd) Run(a *app) error {
	text, err := schema.Of(a.known())
	if err != nil {
		return err
	}
	_, err = a.say().Write(text)
	return err
}

// completionCmd prints a completion script, made from the command line's own model.
type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Run executes the command.
func (c completionCmd) Run(a *app) error {
	return completion.Write(a.say(), c.Shell, describe(newParser(new(common), commands(), a).Model))
}

// describe returns what a shell has to know of each command.
func describe(model *kong.Application) []completion.Command {
	var out []completion.Command
	for _, node := range model.Children {
		c := completion.Command{Name: node.Name, Help: node.Help}
		for _, p := range node.Positional {
			c.Args = values(p)
		}
		for _, f := range append(slices.Clone(node.Flags), model.Flags...) {
			c.Flags = append(c.Flags, completion.Flag{
				Name: f.Name, Help: f.Help, Short: short(f), Bool: f.IsBool(),
				Values: values(f.Value), Place: f.FormatPlaceHolder(),
			})
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

// versionCmd prints the version.
type versionCmd struct{}

// Run executes the command.
func (versionCmd) Run(a *app) error {
	_, err := fmt.Fprintf(a.say(), "nines %s %s %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// version returns the module's version as the go command stamped it, "devel" for
// a build of a checkout without one.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "devel"
	}
	return info.Main.Version
}
