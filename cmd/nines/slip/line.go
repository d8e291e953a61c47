// Package slip knows what people type by mistake or out of habit, and what they mean.
package slip

import (
	"slices"
	"strings"

	"github.com/nines-slo/nines/cmd/nines/completion"
)

// Meant returns the command line for what people type out of habit.
func Meant(args []string) []string {
	switch {
	case len(args) == 0:
		return []string{"--help"}
	case args[0] == "help":
		return append(append([]string{}, args[1:]...), "--help")
	case args[0] == "--version":
		return []string{"version"}
	}
	return args
}

// Line is a command line that does not parse.
type Line struct {
	Said     string // by the parser
	Args     []string
	Command  string // "" if the line has none
	Commands []completion.Command
}

// Misused returns what is wrong, and on a line of its own a hint with what could stand there.
func (l Line) Misused() string {
	text := strings.Replace(l.Said, ` one of "",`, " one of ", 1)
	several := l.Command == "init" && strings.HasPrefix(text, "unexpected argument")
	if several && slices.Contains(l.Args, "--from-log") {
		return text + "\nhint: to read several logs, quote the pattern: --from-log 'logs/*.gz'"
	}
	if typed := l.habit(); typed != "" {
		text, _, _ = strings.Cut(text, ", did you mean")
		return text + "\nhint: " + typed
	}
	text, _, _ = strings.Cut(text, "; perhaps try")
	if l.Command == "" {
		return text + "\nhint: run nines --help; there are " + strings.Join(l.names(), ", ")
	}
	hint := "run nines " + l.Command + " --help"
	switch {
	case strings.HasPrefix(text, "unknown flag"):
		hint += "; there are " + l.flagNames()
	case strings.HasSuffix(text, `but got "EOL" (<EOL>)`), strings.Contains(text, ": missing value, expecting"):
		flag, _, _ := strings.Cut(text, ":")
		text = flag + " needs a value" + l.choices(flag)
	default:
		hint += "; for example: " + strings.Join(Examples(l.Command), "; ")
	}
	return text + "\nhint: " + hint
}

// habit returns what to type for what other programs take, and this one does otherwise; ""
// if it is nothing known.
func (l Line) habit() string {
	for _, arg := range l.Args {
		name, _, _ := strings.Cut(arg, "=")
		switch {
		case l.Command == "" && name == "-v":
			return "nines --version prints the version"
		case (l.Command == "" || l.Command == "init") && strings.TrimLeft(name, "-") == "demo":
			return "type nines init --template demo"
		case l.Command == "report" && slices.Contains([]string{"-o", "--output", "--format"}, name):
			return "report writes files: --json FILE, --markdown FILE, --html FILE, --excel FILE; - is stdout"
		case l.Command != "" && l.Command != "report" && name == "--json":
			return "type -o json"
		case l.Command != "" && name == "--format":
			return "type -o, as in -o json"
		}
	}
	isCommand := func(name string) bool { return slices.Contains(l.Args, name) }
	if l.Command == "" && strings.HasPrefix(l.Args[0], "-") && slices.ContainsFunc(l.names(), isCommand) {
		return "flags stand behind the command, as in nines status --at yesterday"
	}
	return ""
}

func (l Line) names() []string {
	var names []string
	for _, c := range l.Commands {
		names = append(names, c.Name)
	}
	return names
}

// flags are those of the command.
func (l Line) flags() []completion.Flag {
	for _, c := range l.Commands {
		if c.Name == l.Command {
			return c.Flags
		}
	}
	return nil
}

func (l Line) flagNames() string {
	var names []string
	for _, f := range l.flags() {
		names = append(names, "--"+f.Name)
	}
	return strings.Join(names, ", ")
}

// choices returns what may be a flag's value, "" for anything.
func (l Line) choices(flag string) string {
	for _, f := range l.flags() {
		switch {
		case "--"+f.Name != flag:
		case len(f.Values) > 0:
			return ": " + strings.Join(f.Values, ", ")
		default:
			return ", " + flag + " " + f.Place
		}
	}
	return ""
}
