package spec

import "testing"

// A destination that names a file is another one in another folder.
func TestRelative(t *testing.T) {
	for block, want := range map[string]bool{
		"{type: slack, url_env: SLACK_URL}":           false,
		"{type: slack, url_file: secrets/slack}":      true,
		"{type: exec, command: [post, --room, ops]}":  false,
		"{type: exec, command: [./post.sh, --x]}":     true,
		"{type: exec, command: ../bin/post}":          true,
		"{type: exec, command: /usr/local/bin/post}":  false,
		"{type: x, smtp: {host: a, pass_file: hush}}": true,
	} {
		b, err := ParseBlock("slos.yaml", block, ".")
		if err != nil {
			t.Fatal(err)
		}
		if got := relative(b.Value); got != want {
			t.Errorf("%s: got %t", block, got)
		}
	}
}
