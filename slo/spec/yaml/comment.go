package yaml

import (
	"strings"

	"github.com/goccy/go-yaml/token"
)

// Comment is a line of a comment.
type Comment struct {
	Line int    // of the file
	Text string // without # and the blank behind it
}

// Comments returns the comments of a file, in order; those before the place that breaks YAML's
// grammar, if there is one.
func Comments(raw []byte) []Comment {
	text, problem := decode("", string(raw))
	if problem != nil {
		return nil
	}
	var out []Comment
	scan("", text, func(t *token.Token) {
		for i, line := range strings.Split(t.Value, "\n") {
			line = strings.TrimRight(strings.TrimPrefix(line, " "), " \t")
			out = append(out, Comment{Line: t.Position.Line + i, Text: line})
		}
	})
	return out
}
